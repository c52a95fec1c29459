"""The contract's checks as a Great Expectations suite on pandas.

GX_BENCH_WORK is "all": the checks with the rows that fail (result format COMPLETE), a profile of every column by means of
the expectations about whole columns, and the files of good and of bad rows; or "counts": the checks alone, counted
(result format BASIC).
"""

import os

os.environ["GX_ANALYTICS_ENABLED"] = "false"

import bench_tool  # noqa: E402
import great_expectations as gx  # noqa: E402
import great_expectations.expectations as gxe  # noqa: E402
import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
from great_expectations.data_context.types.base import ProgressBarsConfig  # noqa: E402

ALL = os.environ.get("GX_BENCH_WORK", "all") == "all"
LIMIT = 1.7976931348623157e308
QUANTILES = [0.05, 0.25, 0.5, 0.75, 0.95]


def checks_of(contract):
    yield gxe.ExpectTableColumnsToMatchOrderedList(column_list=[column["name"] for column in contract["columns"]])
    for column in contract["columns"]:
        name = column["name"]
        if not column.get("nullable"):
            yield gxe.ExpectColumnValuesToNotBeNull(column=name)
        if "allowed" in column:
            yield gxe.ExpectColumnValuesToBeInSet(column=name, value_set=column["allowed"])
        if "minimum" in column:
            yield gxe.ExpectColumnValuesToBeBetween(
                column=name, min_value=column["minimum"], max_value=column["maximum"]
            )
        if column["type"] == "timestamp":
            latest = pd.Timestamp.now(tz="UTC") + pd.Timedelta(minutes=5)
            yield gxe.ExpectColumnValuesToBeBetween(column=name, max_value=latest)
        if column["type"] == "number" and "minimum" not in column:
            yield gxe.ExpectColumnValuesToBeBetween(column=name, min_value=-LIMIT, max_value=LIMIT)
    for name in contract["primaryKey"]:
        yield gxe.ExpectColumnValuesToBeUnique(column=name)


def profile_of(contract):
    """Bounds that hold for any value: what counts is the observed value in the result."""
    for column in contract["columns"]:
        name = column["name"]
        yield gxe.ExpectColumnProportionOfNonNullValuesToBeBetween(column=name, min_value=0, max_value=1)
        yield gxe.ExpectColumnUniqueValueCountToBeBetween(column=name, min_value=0)
        if column["type"] in bench_tool.NUMBERS:
            for kind in (
                gxe.ExpectColumnMinToBeBetween,
                gxe.ExpectColumnMaxToBeBetween,
                gxe.ExpectColumnMeanToBeBetween,
                gxe.ExpectColumnStdevToBeBetween,
            ):
                yield kind(column=name, min_value=-LIMIT, max_value=LIMIT)
            ranges = {"quantiles": QUANTILES, "value_ranges": [[None, None]] * len(QUANTILES)}
            yield gxe.ExpectColumnQuantileValuesToBeBetween(column=name, quantile_ranges=ranges)


def validate(frame, contract):
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    asset = context.data_sources.add_pandas("bench").add_dataframe_asset("flights")
    batch = asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": frame})
    expectations = [*checks_of(contract), *(profile_of(contract) if ALL else [])]
    suite = gx.ExpectationSuite(name="flights", expectations=expectations)
    answer = batch.validate(suite, result_format={"result_format": "COMPLETE" if ALL else "BASIC"})
    for result in answer.results:
        # One for the expectation, or one for each of its metrics.
        info = result.exception_info or {}
        for fault in [info, *(entry for entry in info.values() if isinstance(entry, dict))]:
            if fault.get("raised_exception"):
                raise ValueError(f"{result.expectation_config.type}: {fault['exception_message']}")
        if result.expectation_config.type == "expect_table_columns_to_match_ordered_list" and not result.success:
            raise ValueError("The columns are others.")
    return answer.results


def check(frame, contract, output):
    results = validate(frame, contract)
    if not ALL:
        return sum(result.result.get("unexpected_count", 0) for result in results)
    bad = np.zeros(len(frame), dtype=bool)
    for result in results:
        bad[result.result.get("unexpected_index_list") or []] = True
    bench_tool.write_rows(frame, bad, output)
    return int(bad.sum())


if __name__ == "__main__":
    bench_tool.run(check)
