"""The contract's checks as a pandera schema. No profile and no files of rows: pandera makes neither."""

import bench_tool
import pandas as pd
import pandera.pandas as pa

TYPES = {"integer": int, "number": float, "string": str}


def schema_of(contract):
    now = pd.Timestamp.now(tz="UTC") + pd.Timedelta(minutes=5)
    columns = {}
    for column in contract["columns"]:
        checks = []
        if "allowed" in column:
            checks.append(pa.Check.isin(column["allowed"]))
        if "minimum" in column:
            checks.append(pa.Check.ge(column["minimum"]))
        if "maximum" in column:
            checks.append(pa.Check.le(column["maximum"]))
        if column["type"] == "timestamp":
            checks.append(pa.Check.le(now))
        if column["type"] == "number":
            checks.append(pa.Check(lambda values: values.abs() < float("inf"), name="finite"))
        columns[column["name"]] = pa.Column(
            TYPES.get(column["type"]), checks=checks, nullable=column.get("nullable", False)
        )
    return pa.DataFrameSchema(
        columns, strict=True, ordered=True, unique=contract["primaryKey"], report_duplicates="exclude_first"
    )


def check(frame, contract, output):
    try:
        schema_of(contract).validate(frame, lazy=True)
    except pa.errors.SchemaErrors as errors:
        cases = errors.failure_cases
        without_row = cases[cases["index"].isna()]
        if len(without_row) > 0:
            raise ValueError(f"The schema does not fit: {without_row.iloc[0].to_dict()}") from None
        return int(cases["index"].nunique())
    return 0


if __name__ == "__main__":
    bench_tool.run(check)
