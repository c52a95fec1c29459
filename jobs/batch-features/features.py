"""Features over time windows, computed with Spark from a curated data set.

For every entity and every full hour or day, which is the row's `as_of`, each feature is an aggregate of the events with

    as_of - window <= event time < as_of

so no row ever sees its own moment or the future, and a later delivery changes only the rows whose windows it falls into.
When the longest window of an entity becomes empty, one last row says so (counts are 0, everything else is null): a store
that keeps the newest row of each entity never shows activity that is long over.

Rows go to `<output>/<view>/day=<UTC day of as_of>/` as Parquet. A run replaces the days that it computes and leaves the
others alone, so it can be repeated at any time. It prints one line of JSON with its counts for each view.

Runs on EMR Serverless (EMR 7: Spark 3.5, Python 3.9) and on a developer's machine.
"""

from __future__ import annotations

import argparse
import dataclasses
import datetime
import json
import sys
import time
from typing import Any, Iterable, Sequence

from pyspark.sql import Column, DataFrame, Observation, SparkSession, Window
from pyspark.sql import functions as F
from pyspark.sql.utils import AnalysisException

UTC = datetime.timezone.utc
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=UTC)
HOUR_SECONDS = 3600
STEP_SECONDS = {"hourly": HOUR_SECONDS, "daily": 24 * HOUR_SECONDS}
AGGREGATES = ("count", "sum", "mean", "minimum", "maximum", "standardDeviation")
RESERVED = ("as_of", "day")


class JobError(Exception):
    """What a user has to put right, in one sentence."""


@dataclasses.dataclass(frozen=True)
class Feature:
    name: str
    aggregate: str
    window_hours: int
    # None counts rows; every other aggregate needs a column.
    column: str | None = None


@dataclasses.dataclass(frozen=True)
class View:
    name: str
    dataset: str
    entity: tuple[str, ...]
    event_time: str
    step_seconds: int
    features: tuple[Feature, ...]

    def steps(self, feature: Feature) -> int:
        return feature.window_hours * HOUR_SECONDS // self.step_seconds

    @property
    def longest(self) -> int:
        """Steps of the longest window."""
        return max(self.steps(feature) for feature in self.features)

    @property
    def columns(self) -> list[str]:
        """The columns that are aggregated, each once."""
        return sorted({feature.column for feature in self.features if feature.column is not None})


@dataclasses.dataclass(frozen=True)
class Span:
    """The `as_of` moments that a run computes, both ends included, in steps since 1970."""

    first: int
    last: int


def parse_views(text: str) -> list[View]:
    """The views of a views file. Raises JobError naming the view and the field that is wrong."""
    return [parse_view(entry) for entry in json.loads(text)]


def parse_view(entry: dict[str, Any]) -> View:
    try:
        view = View(
            name=entry["name"],
            dataset=entry["dataset"],
            entity=tuple(entry["entity"]),
            event_time=entry["eventTimeColumn"],
            step_seconds=STEP_SECONDS[entry["frequency"]],
            features=tuple(parse_feature(feature) for feature in entry["features"]),
        )
    except KeyError as missing:
        raise JobError(f"View {entry.get('name', '?')}: {missing} is missing or not known.") from None
    check_view(view)
    return view


def parse_feature(entry: dict[str, Any]) -> Feature:
    return Feature(entry["name"], entry["aggregate"], entry["windowHours"], entry.get("column"))


def check_view(view: View) -> None:
    names = [*view.entity, *(feature.name for feature in view.features)]
    for name in names:
        if name in RESERVED or names.count(name) > 1:
            raise JobError(f"View {view.name}: the name {name} is taken twice or reserved.")
    for feature in view.features:
        where = f"View {view.name}, feature {feature.name}"
        if feature.aggregate not in AGGREGATES:
            raise JobError(f"{where}: the aggregate is {feature.aggregate}; allowed are {', '.join(AGGREGATES)}.")
        if feature.column is None and feature.aggregate != "count":
            raise JobError(f"{where}: {feature.aggregate} needs a column.")
        if feature.window_hours <= 0 or feature.window_hours * HOUR_SECONDS % view.step_seconds != 0:
            raise JobError(f"{where}: a window of {feature.window_hours} hours is no multiple of the view's frequency.")


def parse_time(text: str) -> datetime.datetime:
    """A moment in ISO 8601; without an offset it is UTC."""
    # Python 3.9 does not know the Z.
    moment = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def span_of(view: View, as_of: datetime.datetime, first_day: datetime.date) -> Span:
    """From the beginning of the first day to the last full step at or before `as_of`."""
    start = datetime.datetime.combine(first_day, datetime.time(), UTC)
    return Span(step_of(start, view.step_seconds), step_of(as_of, view.step_seconds))


def step_of(moment: datetime.datetime, step_seconds: int) -> int:
    return (moment - EPOCH) // datetime.timedelta(seconds=step_seconds)


def time_of(step: int, step_seconds: int) -> datetime.datetime:
    return EPOCH + datetime.timedelta(seconds=step * step_seconds)


def require_columns(view: View, available: Iterable[str]) -> None:
    present = list(available)
    for column in [*view.entity, view.event_time, *view.columns]:
        if column not in present:
            raise JobError(
                f"View {view.name}: the data set {view.dataset} has no column {column}; it has {', '.join(present)}."
            )


def select_events(frame: DataFrame, view: View, span: Span) -> DataFrame:
    """Entity, `time` and the aggregated columns as numbers, of the events that a moment of the span can see.

    A value that is no finite number is a missing one. Events without a time stay in, to be counted.
    """
    require_columns(view, frame.columns)

    def number(name: str) -> Column:
        value = F.col(f"`{name}`").cast("double")
        return F.when(F.abs(value) < float("inf"), value)

    # One step more than the longest window, for the row that says that it became empty.
    oldest = time_of(span.first - view.longest - 1, view.step_seconds)
    return frame.select(
        *(F.col(f"`{name}`").alias(entity_column(i)) for i, name in enumerate(view.entity)),
        F.col(f"`{view.event_time}`").cast("timestamp").alias("time"),
        *(number(name).alias(value_column(i)) for i, name in enumerate(view.columns)),
    ).where(F.col("time").isNull() | (F.col("time") >= F.lit(oldest)))


# Names of their own, which no column of a data set can clash with.
def entity_column(i: int) -> str:
    return f"entity_{i}"


def value_column(i: int) -> str:
    return f"value_{i}"


def usable(view: View) -> Column:
    condition = F.col("time").isNotNull()
    for i in range(len(view.entity)):
        condition = condition & F.col(entity_column(i)).isNotNull()
    return condition


def compute(events: DataFrame, view: View, span: Span) -> DataFrame:
    """One row for each entity and moment of the span: entity, `as_of`, features, `day`."""
    rows = aggregate_windows(with_moments(aggregate_steps(events, view, span), view, span), view)
    seconds = F.col("step") * view.step_seconds
    return rows.select(
        *(F.col(entity_column(i)).alias(name) for i, name in enumerate(view.entity)),
        F.timestamp_seconds(seconds).alias("as_of"),
        *(F.col(f"`{feature.name}`") for feature in view.features),
        F.date_format(F.timestamp_seconds(seconds), "yyyy-MM-dd").alias("day"),
    )


def aggregate_steps(events: DataFrame, view: View, span: Span) -> DataFrame:
    """One row for each entity and step in which it has events, with what the windows need of them."""
    keys = [entity_column(i) for i in range(len(view.entity))]
    values = [value_column(i) for i in range(len(view.columns))]
    size = view.step_seconds * 1_000_000
    # `div` alone would round moments before 1970 up.
    step = F.expr(f"(unix_micros(time) - pmod(unix_micros(time), {size})) div {size}")
    past = F.col("time") < F.lit(time_of(span.last, view.step_seconds))
    steps = events.where(usable(view) & past).withColumn("step", step).drop("time")
    # A sum of fractions depends on the order of its terms: in a fixed order, a repeated run gives the same bits.
    ordered = steps.repartition(*keys).sortWithinPartitions(*keys, "step", *values)
    return ordered.groupBy(*keys, "step").agg(F.count(F.lit(1)).alias("rows"), *partial_aggregates(values))


def partial_aggregates(values: Sequence[str]) -> list[Column]:
    columns = []
    for value in values:
        columns += [
            F.count(value).alias(f"{value}_count"),
            F.sum(value).alias(f"{value}_sum"),
            F.min(value).alias(f"{value}_minimum"),
            F.max(value).alias(f"{value}_maximum"),
            # The sum of squared distances from the mean: unlike a sum of squares, it keeps its digits when merged.
            (F.var_pop(value) * F.count(value)).alias(f"{value}_distances"),
        ]
    return columns


def with_moments(steps: DataFrame, view: View, span: Span) -> DataFrame:
    """The steps, and beside them a row (`moment` is true) for each step that is an `as_of` of the entity.

    An event matters from the step after its own until it has left the longest window, and one step more for the row that
    says so. Where the entity's next event comes earlier, the rest is that one's to add: no moment is there twice.
    """
    keys = [entity_column(i) for i in range(len(view.entity))]
    following = F.lead("step").over(Window.partitionBy(*keys).orderBy("step"))
    first = F.greatest(F.col("step") + 1, F.lit(span.first))
    last = F.least(F.col("following"), F.col("step") + view.longest + 1, F.lit(span.last))
    moments = F.when(last >= first, F.sequence(first, last)).otherwise(F.array().cast("array<bigint>"))
    itself = F.array(F.struct(F.col("step"), F.lit(False).alias("moment")))
    others = F.transform(moments, lambda step: F.struct(step.alias("step"), F.lit(True).alias("moment")))
    partials = [column for column in steps.columns if column not in (*keys, "step")]
    placed = steps.withColumn("following", following).withColumn("place", F.explode(F.concat(itself, others)))
    return placed.select(
        *keys,
        "place.step",
        "place.moment",
        *(F.when(~F.col("place.moment"), F.col(column)).alias(column) for column in partials),
    )


def aggregate_windows(rows: DataFrame, view: View) -> DataFrame:
    keys = [entity_column(i) for i in range(len(view.entity))]
    values = {name: value_column(i) for i, name in enumerate(view.columns)}
    order = Window.partitionBy(*keys).orderBy("step")
    features = [
        windowed(feature, values, order.rangeBetween(-view.steps(feature), -1)).alias(feature.name)
        for feature in view.features
    ]
    return rows.select(*keys, "step", "moment", *features).where("moment")


def windowed(feature: Feature, values: dict[str, str], window: Any) -> Column:
    if feature.column is None:
        return F.coalesce(F.sum("rows").over(window), F.lit(0))
    value = values[feature.column]
    count = F.coalesce(F.sum(f"{value}_count").over(window), F.lit(0))
    if feature.aggregate == "count":
        return count
    if feature.aggregate == "sum":
        return F.sum(f"{value}_sum").over(window)
    if feature.aggregate == "mean":
        return F.sum(f"{value}_sum").over(window) / F.when(count > 0, count)
    if feature.aggregate == "minimum":
        return F.min(f"{value}_minimum").over(window)
    if feature.aggregate == "maximum":
        return F.max(f"{value}_maximum").over(window)
    return standard_deviation(value, window)


def standard_deviation(value: str, window: Any) -> Column:
    """Of the sample; null below two values. Merges the steps' means and distances two by two (Chan, Golub, LeVeque)."""
    count = F.col(f"{value}_count").cast("double")
    part = F.struct(
        count.alias("count"),
        (F.col(f"{value}_sum") / count).alias("mean"),
        F.col(f"{value}_distances").alias("distances"),
    )
    parts = F.collect_list(F.when(count > 0, part)).over(window)

    def merge(left: Column, right: Column) -> Column:
        together = left["count"] + right["count"]
        apart = right["mean"] - left["mean"]
        return F.struct(
            together.alias("count"),
            (left["mean"] + apart * right["count"] / together).alias("mean"),
            (
                left["distances"] + right["distances"] + apart * apart * left["count"] * right["count"] / together
            ).alias("distances"),
        )

    nothing = F.struct(*(F.lit(0.0).alias(name) for name in ("count", "mean", "distances")))
    return F.aggregate(
        parts,
        nothing,
        merge,
        lambda all: F.when(all["count"] > 1, F.sqrt(all["distances"] / (all["count"] - 1))),
    )


def read_dataset(spark: SparkSession, place: str, view: View) -> DataFrame:
    """Every delivery of the data set; files from before a column was added to the contract lack it."""
    folder = join(place, view.dataset)
    try:
        return spark.read.options(
            recursiveFileLookup="true", pathGlobFilter="*.parquet", mergeSchema="true"
        ).parquet(folder)
    except AnalysisException as error:
        raise JobError(f"View {view.name}: {folder} cannot be read as Parquet: {first_line(error)}") from error


def write_view(rows: DataFrame, folder: str, view: View) -> None:
    """Replaces the days that the rows are of, and no other."""
    (
        rows.repartition("day")
        .sortWithinPartitions("day", "as_of", *view.entity)
        .write.mode("overwrite")
        .partitionBy("day")
        .parquet(folder)
    )


def run_view(spark: SparkSession, view: View, options: argparse.Namespace) -> dict[str, Any]:
    started = time.monotonic()
    as_of = parse_time(options.as_of)
    first_day = options.first_day or as_of.date() - datetime.timedelta(days=options.recompute_days - 1)
    span = span_of(view, as_of, first_day)
    read, written = Observation(), Observation()
    one = F.lit(1)
    events = select_events(read_dataset(spark, options.curated, view), view, span).observe(
        read,
        F.count(one).alias("rowsRead"),
        F.count(F.when(~usable(view), one)).alias("rowsWithoutEntityOrTime"),
        F.count(F.when(F.col("time") >= F.lit(as_of), one)).alias("rowsFromTheFuture"),
    )
    rows = compute(events, view, span).observe(written, F.count(one).alias("rowsWritten"))
    write_view(rows, join(options.output, view.name), view)
    return {
        "view": view.name,
        "firstDay": str(first_day),
        "asOf": as_of.isoformat(),
        **read.get,
        **written.get,
        "seconds": round(time.monotonic() - started, 1),
    }


def join(place: str, name: str) -> str:
    return f"{place.rstrip('/')}/{name}"


def first_line(error: Exception) -> str:
    return str(error).strip().split("\n")[0]


def open_session() -> SparkSession:
    spark = (
        SparkSession.builder.appName("batch-features")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.sources.partitionOverwriteMode", "dynamic")
        # The rows come sorted: aggregating them in that order needs no memory for the groups.
        .config("spark.sql.execution.replaceHashWithSortAgg", "true")
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("WARN")
    return spark


def parse_arguments(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--views", required=True, help="the views file")
    parser.add_argument("--curated", required=True, help="folder of the curated data sets")
    parser.add_argument("--output", required=True, help="folder of the features")
    parser.add_argument("--as-of", required=True, help="the newest moment to compute, ISO 8601")
    parser.add_argument("--recompute-days", type=int, default=3, help="days to compute, for late deliveries")
    parser.add_argument(
        "--from", dest="first_day", type=datetime.date.fromisoformat, help="first day to compute instead of those"
    )
    return parser.parse_args(arguments)


def main(arguments: Sequence[str]) -> int:
    options = parse_arguments(arguments)
    spark = open_session()
    try:
        text = "".join(row.value for row in spark.read.text(options.views, wholetext=True).collect())
        for view in parse_views(text):
            print(json.dumps(run_view(spark, view, options)), flush=True)
        return 0
    except JobError as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        spark.stop()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
