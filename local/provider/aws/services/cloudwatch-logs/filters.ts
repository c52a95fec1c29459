import {
  CloudWatchLogsClient,
  DeleteMetricFilterCommand,
  DeleteSubscriptionFilterCommand,
  DescribeMetricFiltersCommand,
  DescribeSubscriptionFiltersCommand,
  type Distribution,
  type MetricTransformation,
  PutMetricFilterCommand,
  PutSubscriptionFilterCommand,
  type StandardUnit,
} from "@aws-sdk/client-cloudwatch-logs";
import type * as aws from "@pulumi/aws";
import { orGone } from "../../framework/errors";
import { defineResource, type HandlerContext, type Plain } from "../../framework/types";

type MetricInputs = Plain<aws.cloudwatch.LogMetricFilterArgs>;
type SubscriptionInputs = Plain<aws.cloudwatch.LogSubscriptionFilterArgs>;

/** An id is `log group:filter`; the name of a group has no colon. */
function parts(id: string): { logGroupName: string; filterName: string } {
  const colon = id.indexOf(":");
  return { logGroupName: id.slice(0, colon), filterName: id.slice(colon + 1) };
}

async function putMetricFilter(inputs: MetricInputs, context: HandlerContext): Promise<void> {
  const { name, namespace, value, defaultValue, unit, dimensions } = inputs.metricTransformation;
  await context.client(CloudWatchLogsClient).send(
    new PutMetricFilterCommand({
      logGroupName: String(inputs.logGroupName),
      filterName: inputs.name,
      filterPattern: inputs.pattern,
      metricTransformations: [
        {
          metricName: name,
          metricNamespace: namespace,
          metricValue: value,
          defaultValue: defaultValue === undefined ? undefined : Number(defaultValue),
          unit: unit as StandardUnit | undefined,
          dimensions,
        },
      ],
    }),
  );
}

function fromTransformation(transformation: MetricTransformation | undefined) {
  if (!transformation) return undefined;
  const { defaultValue, unit, dimensions } = transformation;
  return {
    name: transformation.metricName,
    namespace: transformation.metricNamespace,
    value: transformation.metricValue,
    ...(defaultValue === undefined ? {} : { defaultValue: String(defaultValue) }),
    ...(unit === undefined ? {} : { unit }),
    ...(dimensions === undefined ? {} : { dimensions }),
  };
}

const metricFilter = defineResource<aws.cloudwatch.LogMetricFilterArgs>({
  type: "aws:cloudwatch/logMetricFilter:LogMetricFilter",
  autoname: { property: "name", maximumLength: 512 },
  required: ["logGroupName", "metricTransformation", "pattern"],
  replaceOn: ["name", "logGroupName"],
  async create(inputs, context) {
    await putMetricFilter(inputs, context);
    return { id: `${String(inputs.logGroupName)}:${inputs.name}` };
  },
  async read(id, _properties, context) {
    const { logGroupName, filterName } = parts(id);
    const answer = await orGone(
      context
        .client(CloudWatchLogsClient)
        .send(new DescribeMetricFiltersCommand({ logGroupName, filterNamePrefix: filterName })),
    );
    const found = answer?.metricFilters?.find((filter) => filter.filterName === filterName);
    if (!found) return undefined;
    return {
      name: filterName,
      logGroupName,
      pattern: found.filterPattern,
      metricTransformation: fromTransformation(found.metricTransformations?.[0]),
    };
  },
  async update(_id, _olds, news, context) {
    await putMetricFilter(news, context);
  },
  async delete(id, _properties, context) {
    await context.client(CloudWatchLogsClient).send(new DeleteMetricFilterCommand(parts(id)));
  },
});

async function putSubscription(inputs: SubscriptionInputs, context: HandlerContext): Promise<void> {
  await context.client(CloudWatchLogsClient).send(
    new PutSubscriptionFilterCommand({
      logGroupName: String(inputs.logGroup),
      filterName: inputs.name,
      filterPattern: inputs.filterPattern,
      destinationArn: inputs.destinationArn,
      roleArn: inputs.roleArn,
      distribution: inputs.distribution as Distribution | undefined,
    }),
  );
}

const subscriptionFilter = defineResource<aws.cloudwatch.LogSubscriptionFilterArgs>({
  type: "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter",
  autoname: { property: "name", maximumLength: 512 },
  required: ["logGroup", "destinationArn", "filterPattern"],
  replaceOn: ["name", "logGroup", "destinationArn"],
  computed: ["distribution"],
  async create(inputs, context) {
    await putSubscription(inputs, context);
    return { id: `${String(inputs.logGroup)}:${inputs.name}` };
  },
  async read(id, _properties, context) {
    const { logGroupName, filterName } = parts(id);
    const answer = await orGone(
      context
        .client(CloudWatchLogsClient)
        .send(new DescribeSubscriptionFiltersCommand({ logGroupName, filterNamePrefix: filterName })),
    );
    const found = answer?.subscriptionFilters?.find((filter) => filter.filterName === filterName);
    if (!found) return undefined;
    return {
      name: filterName,
      logGroup: logGroupName,
      filterPattern: found.filterPattern,
      destinationArn: found.destinationArn,
      roleArn: found.roleArn,
      distribution: found.distribution,
    };
  },
  async update(_id, _olds, news, context) {
    await putSubscription(news, context);
  },
  async delete(id, _properties, context) {
    await context.client(CloudWatchLogsClient).send(new DeleteSubscriptionFilterCommand(parts(id)));
  },
});

export const filters = [metricFilter, subscriptionFilter];
