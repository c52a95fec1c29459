"""What training, evaluation and scoring of the flight-delay model share: columns, reading and the split."""

import csv
import hashlib
import pathlib

import numpy as np
import pyarrow.parquet

LABEL = "late"
KEY = "flight_id"
NUMERIC = [
    "distance_miles",
    "hour",
    "departure_delay_minutes",
    "temperature_fahrenheit",
    "wind_speed_mph",
    "precipitation_inches",
    "visibility_miles",
]
CATEGORICAL = ["carrier", "origin"]
FEATURES = NUMERIC + CATEGORICAL


def read_file(path):
    """Rows of a file as it arrives (CSV) or as it lies in the curated zone (Parquet); no rows of any other file."""
    if path.suffix == ".parquet":
        return pyarrow.parquet.read_table(path).to_pylist()
    if path.suffix == ".csv":
        with open(path, newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))
    return []


def read_rows(folder):
    """Rows of every file below a folder, in the order of the file names; a flight that is delivered twice counts once."""
    rows = {}
    for path in sorted(pathlib.Path(folder).rglob("*")):
        rows.update((row[KEY], row) for row in read_file(path))
    return list(rows.values())


def is_held_out(row, share=0.2):
    """Whether a row belongs to the held-out part. It depends on the row's key alone, so that training and
    evaluation agree on it without exchanging a list, and a row never changes sides when data is added."""
    digest = hashlib.sha256(row[KEY].encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64 < share


def feature_values(row):
    """The features of a row as the model and the monitor see them."""
    values = {name: float(row[name]) for name in NUMERIC}
    values.update({name: row[name] for name in CATEGORICAL})
    return values


def categories_of(rows):
    """The known values of each categorical feature, in a fixed order."""
    return {name: sorted({row[name] for row in rows}) for name in CATEGORICAL}


def to_matrix(rows, columns, categories):
    """Rows as a float matrix; a category that training never saw becomes missing."""
    positions = {name: {value: i for i, value in enumerate(values)} for name, values in categories.items()}

    def cell(row, name):
        if name in positions:
            return positions[name].get(row[name], np.nan)
        return float(row[name])

    return np.array([[cell(row, name) for name in columns] for row in rows], dtype=float)


def labels_of(rows):
    return np.array([int(row[LABEL]) for row in rows])
