import {
  AddTagsToResourceCommand,
  DeleteParameterCommand,
  DescribeParametersCommand,
  GetParameterCommand,
  ListTagsForResourceCommand,
  type ParameterTier,
  type ParameterType,
  PutParameterCommand,
  RemoveTagsFromResourceCommand,
  SSMClient,
} from "@aws-sdk/client-ssm";
import type * as aws from "@pulumi/aws";
import { sameValue } from "../../shared/compare";
import { orGone } from "../framework/errors";
import { fromTagList, toTagList, updateTags } from "../framework/tags";
import {
  defineResource,
  type FunctionHandler,
  type Plain,
  type Properties,
  type ResourceHandler,
} from "../framework/types";

type Inputs = Plain<aws.ssm.ParameterArgs>;

/** `insecureValue` is the same value, shown in previews. */
function valueOf(inputs: Partial<Inputs>): string | undefined {
  return inputs.value ?? inputs.insecureValue;
}

function put(inputs: Inputs, Overwrite: boolean): PutParameterCommand {
  return new PutParameterCommand({
    Name: inputs.name,
    Type: inputs.type as ParameterType,
    Value: valueOf(inputs),
    Description: inputs.description,
    KeyId: inputs.keyId,
    AllowedPattern: inputs.allowedPattern,
    DataType: inputs.dataType,
    Tier: inputs.tier as ParameterTier | undefined,
    Overwrite,
    // AWS refuses tags together with overwrite.
    Tags: Overwrite ? undefined : toTagList(inputs.tags),
  });
}

async function metadata(ssm: SSMClient, name: string) {
  const ParameterFilters = [{ Key: "Name", Option: "Equals", Values: [name] }];
  return (await ssm.send(new DescribeParametersCommand({ ParameterFilters }))).Parameters?.[0];
}

const parameter = defineResource<aws.ssm.ParameterArgs>({
  type: "aws:ssm/parameter:Parameter",
  autoname: { property: "name", maximumLength: 1011, transform: (name) => name.replace(/[^\w./-]/g, "-") },
  required: ["type"],
  check: (inputs) =>
    valueOf(inputs) === undefined
      ? [{ property: "value", reason: "an SSM parameter needs a value (or insecureValue); none was given" }]
      : [],
  taggable: true,
  replaceOn: ["name"],
  verbatim: ["value", "insecureValue"],
  computed: ["arn", "version", "hasValueWo", "dataType", "tier"],
  changedByUpdate: ["version"],
  async create(inputs, context) {
    await context.client(SSMClient).send(put(inputs, inputs.overwrite === true));
    context.created(inputs.name!);
    return { id: inputs.name! };
  },
  async read(id, properties, context) {
    const ssm = context.client(SSMClient);
    const found = (await orGone(ssm.send(new GetParameterCommand({ Name: id, WithDecryption: true }))))
      ?.Parameter;
    if (!found) return undefined;
    const [details, tags] = await Promise.all([
      metadata(ssm, id),
      ssm.send(new ListTagsForResourceCommand({ ResourceType: "Parameter", ResourceId: id })),
    ]);
    return {
      name: found.Name,
      arn: found.ARN,
      type: found.Type,
      version: found.Version,
      dataType: found.DataType,
      description: details?.Description,
      ...(properties.keyId ? { keyId: details?.KeyId } : {}),
      ...(properties.insecureValue === undefined ? { value: found.Value } : { insecureValue: found.Value }),
      tags: fromTagList(tags.TagList),
    };
  },
  async update(id, olds, news, context) {
    const ssm = context.client(SSMClient);
    const changed = Object.entries(news).some(
      ([name, value]) => name !== "tags" && !sameValue((olds as Properties)[name], value, { verbatim: true }),
    );
    if (changed || olds.description !== news.description) await ssm.send(put(news, true));
    const resource = { ResourceType: "Parameter", ResourceId: id } as const;
    await updateTags(olds.tags, news.tags, {
      set: (tags) => ssm.send(new AddTagsToResourceCommand({ ...resource, Tags: toTagList(tags) })),
      remove: (TagKeys) => ssm.send(new RemoveTagsFromResourceCommand({ ...resource, TagKeys })),
    });
  },
  async delete(id, _properties, context) {
    await context.client(SSMClient).send(new DeleteParameterCommand({ Name: id }));
  },
});

const getParameter: FunctionHandler = {
  token: "aws:ssm/getParameter:getParameter",
  async invoke(args, context) {
    const WithDecryption = args.withDecryption !== false;
    const { Parameter } = await context
      .client(SSMClient)
      .send(new GetParameterCommand({ Name: String(args.name), WithDecryption }));
    return {
      id: Parameter?.Name,
      name: Parameter?.Name,
      arn: Parameter?.ARN,
      type: Parameter?.Type,
      value: Parameter?.Value,
      insecureValue: Parameter?.Type === "SecureString" ? "" : Parameter?.Value,
      version: Parameter?.Version,
      withDecryption: WithDecryption,
      region: context.region,
    };
  },
};

export const resources: ResourceHandler[] = [parameter];
export const functions: FunctionHandler[] = [getParameter];
