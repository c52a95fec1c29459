import {
  CreateFunctionCommand,
  type CreateFunctionCommandInput,
  DeleteFunctionCommand,
  DeleteFunctionConcurrencyCommand,
  GetFunctionCommand,
  type GetFunctionCommandOutput,
  LambdaClient,
  ListVersionsByFunctionCommand,
  PublishVersionCommand,
  PutFunctionConcurrencyCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import type * as aws from "@pulumi/aws";
import { updateTags, withoutSystemTags } from "../../framework/tags";
import { defineResource, type HandlerContext, type Plain, type Properties } from "../../framework/types";
import { type CasingRules, fieldsFromService, seen, toService } from "../support/casing";
import { orMissing } from "../support/missing";
import { waitUntil } from "../support/wait";
import { codeChanged, codeOf } from "./code";
import { invokeArn } from "./invoke-arn";

type FunctionInputs = Plain<aws.lambda.FunctionArgs>;

const casing: CasingRules = {
  names: { kmsKeyArn: "KMSKeyArn", commands: "Command", entryPoints: "EntryPoint" },
  maps: ["variables"],
};

/** Settings that the API writes as the program does, but for the letter case. */
const settings = [
  "description",
  "environment",
  "ephemeralStorage",
  "handler",
  "imageConfig",
  "kmsKeyArn",
  "layers",
  "loggingConfig",
  "memorySize",
  "role",
  "runtime",
  "snapStart",
  "timeout",
  "tracingConfig",
  "deadLetterConfig",
] as const;

const unreservedConcurrency = -1;

function configuration(inputs: FunctionInputs): Partial<CreateFunctionCommandInput> {
  const { vpcConfig } = inputs;
  return {
    ...toService<Partial<CreateFunctionCommandInput>>(seen(inputs, [...settings]), casing),
    ...(vpcConfig && {
      VpcConfig: {
        SubnetIds: vpcConfig.subnetIds,
        SecurityGroupIds: vpcConfig.securityGroupIds,
        Ipv6AllowedForDualStack: vpcConfig.ipv6AllowedForDualStack,
      },
    }),
    ...(inputs.fileSystemConfig && {
      FileSystemConfigs: [
        toService(inputs.fileSystemConfig, casing),
      ] as CreateFunctionCommandInput["FileSystemConfigs"],
    }),
  };
}

/** What a setting is put to when the program no longer gives it; a field that is not sent keeps its old value. */
const cleared: Partial<Record<keyof FunctionInputs, Partial<CreateFunctionCommandInput>>> = {
  description: { Description: "" },
  environment: { Environment: { Variables: {} } },
  ephemeralStorage: { EphemeralStorage: { Size: 512 } },
  kmsKeyArn: { KMSKeyArn: "" },
  layers: { Layers: [] },
  loggingConfig: { LoggingConfig: { LogFormat: "Text" } },
  memorySize: { MemorySize: 128 },
  timeout: { Timeout: 3 },
  tracingConfig: { TracingConfig: { Mode: "PassThrough" } },
  deadLetterConfig: { DeadLetterConfig: { TargetArn: "" } },
  vpcConfig: { VpcConfig: { SubnetIds: [], SecurityGroupIds: [] } },
  fileSystemConfig: { FileSystemConfigs: [] },
};

function clearedSettings(olds: Properties, news: FunctionInputs): Partial<CreateFunctionCommandInput> {
  const fields = Object.keys(cleared) as (keyof FunctionInputs)[];
  return Object.assign(
    {},
    ...fields.filter((field) => olds[field] && !news[field]).map((field) => cleared[field]),
  );
}

function untilUpdated(lambda: LambdaClient, name: string): Promise<GetFunctionCommandOutput> {
  return waitUntil(
    `the Lambda function ${name}`,
    () => lambda.send(new GetFunctionCommand({ FunctionName: name })),
    ({ Configuration }) =>
      Configuration?.State !== "Pending" && Configuration?.LastUpdateStatus !== "InProgress",
  );
}

async function putConcurrency(name: string, reserved: number | undefined, context: HandlerContext) {
  const lambda = context.client(LambdaClient);
  if (reserved === undefined || reserved === unreservedConcurrency) {
    await lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName: name }));
  } else {
    await lambda.send(
      new PutFunctionConcurrencyCommand({ FunctionName: name, ReservedConcurrentExecutions: reserved }),
    );
  }
}

/** Newest published version, `$LATEST` where none was. */
async function newestVersion(lambda: LambdaClient, name: string): Promise<string> {
  const newest = { number: 0 };
  let Marker: string | undefined;
  do {
    const page = await lambda.send(new ListVersionsByFunctionCommand({ FunctionName: name, Marker }));
    for (const { Version } of page.Versions ?? [])
      newest.number = Math.max(newest.number, Number(Version) || 0);
    Marker = page.NextMarker;
  } while (Marker);
  return newest.number === 0 ? "$LATEST" : String(newest.number);
}

function versionOutputs(arn: string, version: string, region: string): Properties {
  const qualifiedArn = `${arn}:${version}`;
  return { version, qualifiedArn, qualifiedInvokeArn: invokeArn(qualifiedArn, region) };
}

export const lambdaFunction = defineResource<aws.lambda.FunctionArgs>({
  type: "aws:lambda/function:Function",
  autoname: {
    property: "name",
    maximumLength: 64,
    transform: (name) => name.replace(/[^A-Za-z0-9_-]/g, "-"),
  },
  required: ["role"],
  replaceOn: ["name", "packageType"],
  taggable: true,
  unordered: ["architectures"],
  computed: [
    "arn",
    "invokeArn",
    "qualifiedArn",
    "qualifiedInvokeArn",
    "version",
    "lastModified",
    "codeSha256",
    "sourceCodeSize",
  ],
  changedByUpdate: [
    "qualifiedArn",
    "qualifiedInvokeArn",
    "version",
    "lastModified",
    "codeSha256",
    "sourceCodeSize",
  ],

  async create(inputs, context) {
    const lambda = context.client(LambdaClient);
    const name = inputs.name!;
    await lambda.send(
      new CreateFunctionCommand({
        ...configuration(inputs),
        FunctionName: name,
        Role: inputs.role,
        Code: codeOf(inputs),
        PackageType: inputs.packageType as CreateFunctionCommandInput["PackageType"],
        Architectures: inputs.architectures as CreateFunctionCommandInput["Architectures"],
        CodeSigningConfigArn: inputs.codeSigningConfigArn,
        Publish: inputs.publish,
        Tags: inputs.tags,
      }),
    );
    context.created(name);
    await untilUpdated(lambda, name);
    if (inputs.reservedConcurrentExecutions !== undefined && inputs.reservedConcurrentExecutions >= 0) {
      await putConcurrency(name, inputs.reservedConcurrentExecutions, context);
    }
    return { id: name };
  },

  async read(id, properties, context) {
    const lambda = context.client(LambdaClient);
    const answer = await orMissing(lambda.send(new GetFunctionCommand({ FunctionName: id })));
    const found = answer?.Configuration;
    if (!answer || !found?.FunctionArn) return undefined;
    const arn = found.FunctionArn;
    const answerFields = fieldsFromService(found, casing);
    // Some other's code is shown by leaving the program's archive out, so that the next `up` sends it again.
    const replacedByOthers =
      properties.codeSha256 !== undefined && properties.codeSha256 !== found.CodeSha256;
    return {
      ...seen(answerFields, [...settings, "architectures", "packageType"]),
      ...(replacedByOthers && properties.code ? { code: undefined } : {}),
      ...(answer.Code?.ImageUri === undefined ? {} : { imageUri: answer.Code.ImageUri }),
      environment: found.Environment?.Variables && { variables: found.Environment.Variables },
      layers: found.Layers?.map((layer) => layer.Arn),
      vpcConfig: found.VpcConfig?.SubnetIds?.length ? answerFields.vpcConfig : undefined,
      deadLetterConfig: found.DeadLetterConfig?.TargetArn ? answerFields.deadLetterConfig : undefined,
      fileSystemConfig: (answerFields.fileSystemConfigs as unknown[] | undefined)?.[0],
      reservedConcurrentExecutions: answer.Concurrency?.ReservedConcurrentExecutions ?? unreservedConcurrency,
      tags: withoutSystemTags(answer.Tags),
      name: found.FunctionName,
      arn,
      invokeArn: invokeArn(arn, context.region),
      lastModified: found.LastModified,
      codeSha256: found.CodeSha256,
      sourceCodeSize: found.CodeSize,
      ...versionOutputs(arn, await newestVersion(lambda, id), context.region),
    };
  },

  async update(id, olds, news, context) {
    const lambda = context.client(LambdaClient);
    const arn = String(olds.arn);
    await updateTags(olds.tags, news.tags, {
      set: (Tags) => lambda.send(new TagResourceCommand({ Resource: arn, Tags })),
      remove: (TagKeys) => lambda.send(new UntagResourceCommand({ Resource: arn, TagKeys })),
    });
    await lambda.send(
      new UpdateFunctionConfigurationCommand({
        ...clearedSettings(olds, news),
        ...configuration(news),
        FunctionName: id,
      }),
    );
    await untilUpdated(lambda, id);
    const codeOlds = olds as Parameters<typeof codeChanged>[0];
    if (
      codeChanged(codeOlds, news) ||
      String(olds.architectures) !== String(news.architectures ?? ["x86_64"])
    ) {
      await lambda.send(
        new UpdateFunctionCodeCommand({
          FunctionName: id,
          ...codeOf(news),
          Architectures: news.architectures as CreateFunctionCommandInput["Architectures"],
        }),
      );
      await untilUpdated(lambda, id);
    }
    if ((news.reservedConcurrentExecutions ?? unreservedConcurrency) !== olds.reservedConcurrentExecutions) {
      await putConcurrency(id, news.reservedConcurrentExecutions, context);
    }
    if (news.publish) await lambda.send(new PublishVersionCommand({ FunctionName: id }));
  },

  async delete(id, properties, context) {
    if (properties.skipDestroy) return;
    await context.client(LambdaClient).send(new DeleteFunctionCommand({ FunctionName: id }));
  },
});
