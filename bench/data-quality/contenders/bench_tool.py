"""What the Python tools share: reading the file, the contract, and the answer that they print."""

import json
import pathlib
import sys
import time

import pandas as pd

NUMBERS = ("integer", "number")


def columns_of(contract, *types):
    return [column["name"] for column in contract["columns"] if column["type"] in types]


def read(path, contract):
    """As the tools' own guides read files: with pandas, types as the contract says."""
    if path.endswith(".parquet"):
        return pd.read_parquet(path)
    types = {name: "str" for name in columns_of(contract, "string")}
    frame = pd.read_csv(path, dtype=types, na_values=["NA"], keep_default_na=True)
    for name in columns_of(contract, "timestamp"):
        frame[name] = pd.to_datetime(frame[name], utc=True, errors="coerce")
    return frame


def write_rows(frame, bad, output):
    """The good rows as Parquet, the bad ones as JSON Lines."""
    folder = pathlib.Path(output)
    folder.mkdir(parents=True, exist_ok=True)
    frame[~bad].to_parquet(folder / "good.parquet", index=False)
    frame[bad].to_json(folder / "bad.jsonl", orient="records", lines=True, date_format="iso")


def run(check):
    """Calls check(frame, contract, output), which answers the number of bad rows, and prints what was found."""
    path, contract_path, output = sys.argv[1:4]
    with open(contract_path, encoding="utf-8") as file:
        contract = json.load(file)
    started = time.monotonic()
    frame = read(path, contract)
    bad_rows = check(frame, contract, output)
    seconds = time.monotonic() - started
    print(json.dumps({"rows": len(frame), "badRows": bad_rows, "workSeconds": round(seconds, 3)}))
