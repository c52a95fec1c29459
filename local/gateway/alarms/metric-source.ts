import { CloudWatchClient, GetMetricDataCommand, MetricDataQuery } from "@aws-sdk/client-cloudwatch";

import type { WatchedMetric } from "./alarm-metric";
import { AlarmDefinition, Datapoint, evaluationRange } from "./evaluate";

/** A metric to read with the periods that its alarm looks at. */
export interface MetricRequest {
  metric: WatchedMetric;
  definition: AlarmDefinition;
}

/** GetMetricData takes no more queries at once; an alarm needs two. */
const queriesPerCall = 500;

function queriesOf(request: MetricRequest, index: number): MetricDataQuery[] {
  const { metric, definition } = request;
  const query = (id: string, statistic: string): MetricDataQuery => ({
    Id: `${id}${index}`,
    MetricStat: {
      Metric: { Namespace: metric.namespace, MetricName: metric.name, Dimensions: metric.dimensions },
      Period: definition.periodSeconds,
      Stat: statistic,
    },
  });
  return [query("value", metric.statistic), query("count", "SampleCount")];
}

type Series = Map<number, number>;

async function readSeries(
  client: CloudWatchClient,
  queries: MetricDataQuery[],
  start: Date,
  end: Date,
): Promise<Map<string, Series>> {
  const found = new Map<string, Series>();
  for (let offset = 0; offset < queries.length; offset += queriesPerCall) {
    const answer = await client.send(
      new GetMetricDataCommand({
        MetricDataQueries: queries.slice(offset, offset + queriesPerCall),
        StartTime: start,
        EndTime: end,
      }),
    );
    for (const { Id = "", Timestamps = [], Values = [] } of answer.MetricDataResults ?? []) {
      const points = Timestamps.map((time, index): [number, number] => [
        time.getTime() / 1000,
        Values[index] ?? NaN,
      ]);
      found.set(Id, new Map(points));
    }
  }
  return found;
}

/** The datapoints of each request, in the order of the requests, with one call for all of them. */
export async function readDatapoints(
  client: CloudWatchClient,
  requests: MetricRequest[],
  now: number,
): Promise<Datapoint[][]> {
  if (requests.length === 0) return [];
  const first = Math.min(...requests.map(({ definition }) => evaluationRange(definition, now).first));
  // The end is exclusive; a second more takes in what was measured this very second.
  const end = new Date((Math.floor(now) + 1) * 1000);
  const series = await readSeries(client, requests.flatMap(queriesOf), new Date(first * 1000), end);
  return requests.map((_request, index) => {
    const counts = series.get(`count${index}`);
    const values = series.get(`value${index}`) ?? new Map<number, number>();
    return [...values].map(([timestamp, value]) => ({
      timestamp,
      value,
      sampleCount: counts?.get(timestamp),
    }));
  });
}
