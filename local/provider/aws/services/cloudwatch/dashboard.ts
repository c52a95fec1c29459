import {
  CloudWatchClient,
  DeleteDashboardsCommand,
  GetDashboardCommand,
  PutDashboardCommand,
} from "@aws-sdk/client-cloudwatch";
import type * as aws from "@pulumi/aws";
import { defineResource, type HandlerContext } from "../../framework/types";
import { orMissing } from "../support/missing";

async function putDashboard(name: string, body: string, context: HandlerContext): Promise<void> {
  const { DashboardValidationMessages } = await context
    .client(CloudWatchClient)
    .send(new PutDashboardCommand({ DashboardName: name, DashboardBody: body }));
  const [problem] = DashboardValidationMessages ?? [];
  if (problem)
    throw new Error(`the body of dashboard ${name} is refused at ${problem.DataPath}: ${problem.Message}`);
}

export const dashboard = defineResource<aws.cloudwatch.DashboardArgs>({
  type: "aws:cloudwatch/dashboard:Dashboard",
  autoname: {
    property: "dashboardName",
    maximumLength: 255,
    transform: (name) => name.replace(/[^\w-]/g, "-"),
  },
  required: ["dashboardBody"],
  replaceOn: ["dashboardName"],
  computed: ["dashboardArn"],

  async create(inputs, context) {
    await putDashboard(inputs.dashboardName, inputs.dashboardBody, context);
    context.created(inputs.dashboardName);
    return { id: inputs.dashboardName };
  },

  async read(id, _properties, context) {
    const found = await orMissing(
      context.client(CloudWatchClient).send(new GetDashboardCommand({ DashboardName: id })),
    );
    return (
      found && { dashboardName: id, dashboardBody: found.DashboardBody, dashboardArn: found.DashboardArn }
    );
  },

  async update(id, _olds, news, context) {
    await putDashboard(id, news.dashboardBody, context);
  },

  async delete(id, _properties, context) {
    await context.client(CloudWatchClient).send(new DeleteDashboardsCommand({ DashboardNames: [id] }));
  },
});
