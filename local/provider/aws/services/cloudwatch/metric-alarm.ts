import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  type Dimension,
  type MetricDataQuery,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
} from "@aws-sdk/client-cloudwatch";
import type * as aws from "@pulumi/aws";
import { toTagList } from "../../framework/tags";
import { defineResource, type HandlerContext, type Plain, type Properties } from "../../framework/types";
import { type CasingRules, answered, fieldsFromService, seen, toService } from "../support/casing";
import { changeTags, readTags } from "./tagging";

type AlarmInputs = Plain<aws.cloudwatch.MetricAlarmArgs>;
type QueryInputs = NonNullable<AlarmInputs["metricQueries"]>[number];

const casing: CasingRules = {
  names: {
    okActions: "OKActions",
    evaluateLowSampleCountPercentiles: "EvaluateLowSampleCountPercentile",
  },
};

/** Settings that the API writes as the program does, but for the letter case. */
const settings = [
  "actionsEnabled",
  "alarmActions",
  "alarmDescription",
  "comparisonOperator",
  "datapointsToAlarm",
  "evaluateLowSampleCountPercentiles",
  "evaluationPeriods",
  "extendedStatistic",
  "insufficientDataActions",
  "metricName",
  "namespace",
  "okActions",
  "period",
  "statistic",
  "threshold",
  "thresholdMetricId",
  "treatMissingData",
  "unit",
] as const;

/** Settings of newer alarms, which an emulator may take without answering them. */
const newer = ["evaluationCriteria", "evaluationInterval", "warmUpConfiguration"] as const;

function toDimensions(dimensions: Record<string, string> | undefined): Dimension[] | undefined {
  return dimensions && Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
}

function fromDimensions(dimensions: Dimension[] | undefined): Record<string, string> | undefined {
  if (!dimensions?.length) return undefined;
  return Object.fromEntries(dimensions.map(({ Name, Value }) => [Name ?? "", Value ?? ""]));
}

function toQuery({ metric, ...query }: QueryInputs): MetricDataQuery {
  return {
    ...toService<MetricDataQuery>(query),
    ...(metric && {
      MetricStat: {
        Metric: {
          MetricName: metric.metricName,
          Namespace: metric.namespace,
          Dimensions: toDimensions(metric.dimensions),
        },
        Period: metric.period,
        Stat: metric.stat,
        Unit: metric.unit as PutMetricAlarmCommandInput["Unit"],
      },
    }),
  };
}

function fromQuery({ MetricStat: stat, ...query }: MetricDataQuery): Properties {
  return {
    ...fieldsFromService(query),
    ...(stat && {
      metric: {
        metricName: stat.Metric?.MetricName,
        namespace: stat.Metric?.Namespace,
        dimensions: fromDimensions(stat.Metric?.Dimensions),
        period: stat.Period,
        stat: stat.Stat,
        unit: stat.Unit,
      },
    }),
  };
}

async function putAlarm(inputs: AlarmInputs, context: HandlerContext, tags?: Record<string, string>) {
  await context.client(CloudWatchClient).send(
    new PutMetricAlarmCommand({
      ...toService<PutMetricAlarmCommandInput>(seen(inputs, [...settings, ...newer]), casing),
      AlarmName: inputs.name,
      Dimensions: toDimensions(inputs.dimensions),
      Metrics: inputs.metricQueries?.map(toQuery),
      Tags: tags && toTagList(tags),
    }),
  );
}

export const metricAlarm = defineResource<aws.cloudwatch.MetricAlarmArgs>({
  type: "aws:cloudwatch/metricAlarm:MetricAlarm",
  autoname: { property: "name", maximumLength: 255 },
  replaceOn: ["name"],
  taggable: true,
  unordered: ["alarmActions", "okActions", "insufficientDataActions"],
  computed: ["arn"],

  async create(inputs, context) {
    await putAlarm(inputs, context, inputs.tags);
    context.created(inputs.name!);
    return { id: inputs.name! };
  },

  async read(id, properties, context) {
    const { MetricAlarms } = await context
      .client(CloudWatchClient)
      .send(new DescribeAlarmsCommand({ AlarmNames: [id], AlarmTypes: ["MetricAlarm"] }));
    const found = MetricAlarms?.find((alarm) => alarm.AlarmName === id);
    if (!found?.AlarmArn) return undefined;
    const fields = fieldsFromService(found, casing);
    return {
      ...seen(fields, [...settings]),
      ...answered(fields, [...newer]),
      treatMissingData: found.TreatMissingData ?? "missing",
      // Given as "1 of 1" or left out: the API answers the same for both.
      datapointsToAlarm: found.DatapointsToAlarm ?? properties.datapointsToAlarm,
      dimensions: fromDimensions(found.Dimensions),
      // MiniStack takes metric math and does not answer it.
      ...(found.Metrics?.length && { metricQueries: found.Metrics.map(fromQuery) }),
      name: found.AlarmName,
      arn: found.AlarmArn,
      tags: await readTags(found.AlarmArn, context),
    };
  },

  async update(_id, olds, news, context) {
    await changeTags(olds.arn, olds.tags, news.tags, context);
    await putAlarm(news, context);
  },

  async delete(id, _properties, context) {
    await context.client(CloudWatchClient).send(new DeleteAlarmsCommand({ AlarmNames: [id] }));
  },
});
