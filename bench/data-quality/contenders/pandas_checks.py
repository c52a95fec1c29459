"""The contract's checks, a profile of every column, and the files of good and of bad rows, written by hand with pandas."""

import bench_tool
import numpy as np
import pandas as pd


def faults_of(frame, contract):
    now = pd.Timestamp.now(tz="UTC") + pd.Timedelta(minutes=5)
    names = [column["name"] for column in contract["columns"]]
    if list(frame.columns) != names:
        raise ValueError(f"The columns are {list(frame.columns)}.")
    faults = {}
    for column in contract["columns"]:
        name, values = column["name"], frame[column["name"]]
        if column["type"] in bench_tool.NUMBERS:
            values = pd.to_numeric(values, errors="coerce")
            faults[name, "infinite"] = np.isinf(values)
        if not column.get("nullable"):
            faults[name, "missing"] = values.isna()
        if "allowed" in column:
            faults[name, "allowed"] = values.notna() & ~values.isin(column["allowed"])
        if "minimum" in column:
            faults[name, "minimum"] = values < column["minimum"]
        if "maximum" in column:
            faults[name, "maximum"] = values > column["maximum"]
        if column["type"] == "timestamp":
            faults[name, "future"] = values > now
    faults["key", "repeated"] = frame.duplicated(subset=contract["primaryKey"], keep="first")
    return faults


def profile_of(frame, contract):
    profile = {}
    for column in contract["columns"]:
        values = frame[column["name"]]
        described = {"nulls": int(values.isna().sum()), "distinct": int(values.nunique())}
        if column["type"] in bench_tool.NUMBERS:
            present = values.dropna()
            counts, edges = np.histogram(present, bins=20)
            described["quantiles"] = present.quantile([0, 0.05, 0.25, 0.5, 0.75, 0.95, 1]).tolist()
            described["mean"], described["deviation"] = present.mean(), present.std()
            described["histogram"] = [counts.tolist(), edges.tolist()]
        else:
            described["top"] = values.value_counts().head(10).to_dict()
        profile[column["name"]] = described
    return profile


def check(frame, contract, output):
    faults = faults_of(frame, contract)
    bad = np.zeros(len(frame), dtype=bool)
    for rows in faults.values():
        bad |= rows.to_numpy(dtype=bool, na_value=False)
    bench_tool.write_rows(frame, bad, output)
    profile_of(frame, contract)
    return int(bad.sum())


if __name__ == "__main__":
    bench_tool.run(check)
