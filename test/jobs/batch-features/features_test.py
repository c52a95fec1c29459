"""Tests of jobs/batch-features/features.py on rows small enough to work out by hand."""

import datetime
import math
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[3] / "jobs" / "batch-features"))

import features as job  # noqa: E402

HOURLY = {
    "name": "carriers",
    "dataset": "flights",
    "entity": ["carrier"],
    "eventTimeColumn": "at",
    "frequency": "hourly",
    "features": [{"name": "flights", "aggregate": "count", "windowHours": 2}],
}

COLUMNS = "carrier string, at string, delay double"


def feature(aggregate, hours=2, column="delay"):
    return {"name": aggregate, "aggregate": aggregate, "windowHours": hours, "column": column}


def view(**changes):
    return job.parse_view({**HOURLY, **changes})


class Views(unittest.TestCase):
    def test_faults_are_sentences(self):
        for changes, words in [
            ({"frequency": "weekly"}, "View carriers: 'weekly' is missing or not known."),
            ({"features": [{"name": "x"}]}, "View carriers: 'aggregate' is missing or not known."),
            ({"features": [feature("median")]}, "feature median: the aggregate is median; allowed are count, sum,"),
            ({"features": [feature("sum", column=None)]}, "feature sum: sum needs a column."),
            ({"frequency": "daily"}, "a window of 2 hours is no multiple of the view's frequency."),
            ({"features": [feature("sum", hours=0)]}, "a window of 0 hours is no multiple"),
            ({"entity": ["as_of"]}, "the name as_of is taken twice or reserved."),
            ({"features": [feature("sum"), feature("sum", 4)]}, "the name sum is taken twice or reserved."),
        ]:
            with self.subTest(words), self.assertRaises(job.JobError) as caught:
                view(**changes)
            self.assertIn(words, str(caught.exception))

    def test_moments_are_full_steps_in_utc(self):
        moment = job.parse_time("2013-07-01T01:30:00+02:00")
        self.assertEqual(moment, job.parse_time("2013-06-30T23:30:00Z"))
        self.assertEqual(moment, job.parse_time("2013-06-30T23:30:00"))
        span = job.span_of(view(), moment, datetime.date(2013, 6, 30))
        times = [job.time_of(step, 3600).isoformat() for step in (span.first, span.last)]
        self.assertEqual(times, ["2013-06-30T00:00:00+00:00", "2013-06-30T23:00:00+00:00"])
        self.assertEqual(job.step_of(job.parse_time("1969-12-31T23:30:00Z"), 3600), -1)


class Windows(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.spark = job.open_session()

    @classmethod
    def tearDownClass(cls):
        cls.spark.stop()

    def compute(self, rows, to="2013-01-01T06:00:00Z", first_day=None, **changes):
        chosen = view(**changes)
        as_of = job.parse_time(to)
        span = job.span_of(chosen, as_of, first_day or as_of.date())
        events = job.select_events(self.spark.createDataFrame(rows, COLUMNS), chosen, span)
        return [row.asDict() for row in job.compute(events, chosen, span).orderBy("carrier", "as_of").collect()]

    def pairs(self, rows, name, **changes):
        return [(row["as_of"].strftime("%d %H"), row[name]) for row in self.compute(rows, **changes)]

    def test_a_row_sees_its_window_but_neither_its_own_moment_nor_the_future(self):
        rows = [("UA", "2013-01-01T02:00:00Z", 1.0), ("UA", "2013-01-01T02:59:59.999999Z", 1.0)]
        self.assertEqual(self.pairs(rows, "flights"), [("01 03", 2), ("01 04", 2), ("01 05", 0)])

    def test_the_row_that_says_that_nothing_is_left_comes_once(self):
        rows = [("UA", "2013-01-01T00:10:00Z", 1.0), ("UA", "2013-01-01T04:10:00Z", None)]
        for name, values in [
            ("flights", [1, 1, 0, 1, 1]),
            ("sum", [1.0, 1.0, None, None, None]),
            ("mean", [1.0, 1.0, None, None, None]),
            ("minimum", [1.0, 1.0, None, None, None]),
        ]:
            more = {} if name == "flights" else {"features": [feature(name)]}
            with self.subTest(name):
                expected = list(zip(["01 01", "01 02", "01 03", "01 05", "01 06"], values))
                self.assertEqual(self.pairs(rows, name, **more), expected)

    def test_events_before_the_span_count_and_one_out_of_reach_closes(self):
        times = {"AA": "2012-12-31T23:10:00Z", "UA": "2012-12-31T21:10:00Z", "ZZ": "2012-12-31T20:59:59Z"}
        rows = [(carrier, at, 1.0) for carrier, at in times.items()]
        found = [(row["carrier"], row["as_of"].hour, row["flights"]) for row in self.compute(rows)]
        self.assertEqual(found, [("AA", 0, 1), ("AA", 1, 1), ("AA", 2, 0), ("UA", 0, 0)])

    def test_each_feature_has_its_own_window(self):
        features = [{"name": f"last_{hours}", "aggregate": "count", "windowHours": hours} for hours in (1, 3)]
        found = self.compute([("UA", "2013-01-01T00:10:00Z", 1.0)], features=features)
        self.assertEqual([(row["last_1"], row["last_3"]) for row in found], [(1, 1), (0, 1), (0, 1), (0, 0)])

    def test_what_is_no_finite_number_is_missing(self):
        values = [4.0, None, float("nan"), float("inf"), float("-inf"), 6.0]
        rows = [("UA", "2013-01-01T05:10:00Z", value) for value in values]
        features = [feature(name) for name in ("count", "sum", "mean", "minimum", "maximum", "standardDeviation")]
        (row,) = self.compute(rows, features=features)
        self.assertEqual([row[f["name"]] for f in features], [2, 10.0, 5.0, 4.0, 6.0, math.sqrt(2)])

    def test_the_deviation_of_large_numbers_keeps_its_digits(self):
        rows = [("UA", f"2013-01-01T0{i}:10:00Z", 1e9 + offset) for i in (3, 4, 5) for offset in (1.0, 2.0, 3.0)]
        row = self.compute(rows, features=[feature("standardDeviation", 4)])[-1]
        self.assertAlmostEqual(row["standardDeviation"], math.sqrt(6 / 8), places=12)
        alone = self.compute(rows[:1], features=[feature("standardDeviation", 4)])[0]
        self.assertIsNone(alone["standardDeviation"])

    def test_rows_without_entity_or_time_are_left_out(self):
        good = "2013-01-01T05:10:00Z"
        rows = [(None, good, 1.0), ("UA", None, 1.0), ("UA", "yesterday", 1.0), ("UA", good, 1.0)]
        self.assertEqual(self.pairs(rows, "flights"), [("01 06", 1)])

    def test_moments_before_1970_are_rounded_down_too(self):
        rows = [("UA", "1969-12-31T21:30:00Z", 1.0)]
        self.assertEqual(self.pairs(rows, "flights", to="1969-12-31T23:00:00Z"), [("31 22", 1), ("31 23", 1)])

    def test_days_begin_in_utc_and_name_the_partition(self):
        rows = [("UA", "2013-01-01T23:59:59Z", 1.0), ("UA", "2013-01-02T00:00:00Z", 1.0)]
        changes = {"frequency": "daily", "features": [feature("count", 24)]}
        found = self.compute(rows, to="2013-01-04T10:00:00Z", first_day=datetime.date(2013, 1, 1), **changes)
        days = [(row["day"], row["count"]) for row in found]
        self.assertEqual(days, [("2013-01-02", 1), ("2013-01-03", 1), ("2013-01-04", 0)])

    def test_names_that_spark_would_read_as_expressions_are_columns(self):
        columns = "`carrier code` string, `at.time` string, `the delay` double"
        changes = {
            "entity": ["carrier code"],
            "eventTimeColumn": "at.time",
            "features": [{**feature("sum", column="the delay"), "name": "sum of it"}],
        }
        chosen = view(**changes)
        as_of = job.parse_time("2013-01-01T06:00:00Z")
        span = job.span_of(chosen, as_of, as_of.date())
        frame = self.spark.createDataFrame([("UA", "2013-01-01T05:10:00Z", 2.0)], columns)
        (row,) = job.compute(job.select_events(frame, chosen, span), chosen, span).collect()
        self.assertEqual((row["carrier code"], row["sum of it"]), ("UA", 2.0))

    def test_terms_are_added_in_one_order(self):
        chosen = view(features=[feature("sum")])
        frame = self.spark.createDataFrame([("UA", "1970-01-01T05:10:00Z", 2.0)], COLUMNS)
        span = job.Span(0, 10)
        steps = job.aggregate_steps(job.select_events(frame, chosen, span), chosen, span)
        plan = steps._jdf.queryExecution().executedPlan().toString()
        self.assertIn("SortAggregate", plan)
        self.assertNotIn("HashAggregate", plan)
        self.assertEqual(plan.count("Exchange "), 1)


if __name__ == "__main__":
    unittest.main()
