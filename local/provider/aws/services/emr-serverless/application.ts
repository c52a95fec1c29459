import {
  type Application,
  ApplicationState,
  type Architecture,
  CreateApplicationCommand,
  type CreateApplicationCommandInput,
  DeleteApplicationCommand,
  EMRServerlessClient,
  GetApplicationCommand,
  type InitialCapacityConfig,
  StopApplicationCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateApplicationCommand,
} from "@aws-sdk/client-emr-serverless";
import type * as aws from "@pulumi/aws";
import { updateTags, withoutSystemTags } from "../../framework/tags";
import { defineResource, type HandlerContext, type Plain, type Properties } from "../../framework/types";
import { answered, overlay, seen } from "../support/casing";
import { orMissing } from "../support/missing";
import { waitUntil } from "../support/wait";

type ApplicationInputs = Plain<aws.emrserverless.ApplicationArgs>;

/** Settings that mean the same in the program and in EMR, and may change while the application is stopped. */
const settings = [
  "autoStartConfiguration",
  "autoStopConfiguration",
  "interactiveConfiguration",
  "maximumCapacity",
  "networkConfiguration",
  "schedulerConfiguration",
] as const;

/** Settings that the program writes in another form than EMR. */
const rewritten = [
  "imageConfiguration",
  "initialCapacities",
  "monitoringConfiguration",
  "runtimeConfigurations",
] as const;

function initialCapacity(inputs: ApplicationInputs): Record<string, InitialCapacityConfig> | undefined {
  if (!inputs.initialCapacities) return undefined;
  return Object.fromEntries(
    inputs.initialCapacities.map(({ initialCapacityType, initialCapacityConfig }) => [
      initialCapacityType,
      initialCapacityConfig as InitialCapacityConfig,
    ]),
  );
}

function monitoring(inputs: ApplicationInputs): CreateApplicationCommandInput["monitoringConfiguration"] {
  const given = inputs.monitoringConfiguration;
  if (!given) return undefined;
  const { cloudwatchLoggingConfiguration: logging, ...others } = given;
  return {
    ...others,
    cloudWatchLoggingConfiguration: logging && {
      ...logging,
      logTypes:
        logging.logTypes && Object.fromEntries(logging.logTypes.map(({ name, values }) => [name, values])),
    },
  };
}

function request(inputs: ApplicationInputs): Partial<CreateApplicationCommandInput> {
  return {
    ...(seen(inputs, [...settings]) as Partial<CreateApplicationCommandInput>),
    architecture: inputs.architecture as Architecture | undefined,
    imageConfiguration: inputs.imageConfiguration,
    initialCapacity: initialCapacity(inputs),
    monitoringConfiguration: monitoring(inputs),
    runtimeConfiguration:
      inputs.runtimeConfigurations as CreateApplicationCommandInput["runtimeConfiguration"],
  };
}

async function find(id: string, context: HandlerContext): Promise<Application | undefined> {
  const answer = await orMissing(
    context.client(EMRServerlessClient).send(new GetApplicationCommand({ applicationId: id })),
  );
  return answer?.application;
}

/** Only a stopped application may be changed or removed. */
async function stop(id: string, context: HandlerContext): Promise<void> {
  const found = await find(id, context);
  if (found?.state === ApplicationState.STARTED || found?.state === ApplicationState.STARTING) {
    await context.client(EMRServerlessClient).send(new StopApplicationCommand({ applicationId: id }));
  }
  await waitUntil(
    `the application ${id}`,
    () => find(id, context),
    (application) => !/ING$/.test(application?.state ?? ""),
    { seconds: 600 },
  );
}

/** What the emulator answers of the settings that the program gave. */
function settingsOf(found: Application, known: Properties): Properties {
  const fields = answered({ ...found }, [...settings]) as Record<string, object>;
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, overlay(known[name] as object, value)]),
  );
}

/** What the program writes in another form is kept as it was last given. */
export const application = defineResource<aws.emrserverless.ApplicationArgs>({
  type: "aws:emrserverless/application:Application",
  autoname: { property: "name", maximumLength: 64, transform: (name) => name.replace(/[^\w./#-]/g, "-") },
  required: ["releaseLabel", "type"],
  replaceOn: ["name", "type", "architecture"],
  taggable: true,
  computed: ["arn"],

  async create(inputs, context) {
    const { applicationId } = await context.client(EMRServerlessClient).send(
      new CreateApplicationCommand({
        ...request(inputs),
        name: inputs.name,
        releaseLabel: inputs.releaseLabel,
        type: inputs.type.toUpperCase(),
        tags: inputs.tags,
      }),
    );
    context.created(applicationId!);
    await waitUntil(
      `the application ${applicationId}`,
      () => find(applicationId!, context),
      (found) => found?.state !== ApplicationState.CREATING,
      { seconds: 600 },
    );
    return { id: applicationId! };
  },

  async read(id, properties, context) {
    const found = await find(id, context);
    if (!found || found.state === ApplicationState.TERMINATED) return undefined;
    return {
      ...settingsOf(found, properties),
      ...seen(properties, [...rewritten]),
      name: found.name,
      releaseLabel: found.releaseLabel,
      // EMR answers "Spark" for "spark" and for "SPARK".
      type: properties.type?.toLowerCase() === found.type?.toLowerCase() ? properties.type : found.type,
      architecture: found.architecture,
      arn: found.arn,
      tags: withoutSystemTags(found.tags),
    };
  },

  async update(id, olds, news, context) {
    const emr = context.client(EMRServerlessClient);
    const resourceArn = String(olds.arn);
    await updateTags(olds.tags, news.tags, {
      set: (tags) => emr.send(new TagResourceCommand({ resourceArn, tags })),
      remove: (tagKeys) => emr.send(new UntagResourceCommand({ resourceArn, tagKeys })),
    });
    await stop(id, context);
    await emr.send(
      new UpdateApplicationCommand({
        ...request(news),
        architecture: undefined,
        applicationId: id,
        releaseLabel: news.releaseLabel,
      }),
    );
  },

  async delete(id, _properties, context) {
    await stop(id, context);
    await context.client(EMRServerlessClient).send(new DeleteApplicationCommand({ applicationId: id }));
    await waitUntil(
      `the deletion of the application ${id}`,
      () => find(id, context),
      (found) => found === undefined || found.state === ApplicationState.TERMINATED,
      { seconds: 600 },
    );
  },
});
