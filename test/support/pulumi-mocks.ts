import * as pulumi from "@pulumi/pulumi";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import type { MockCallArgs, MockMonitor, MockResourceArgs } from "@pulumi/pulumi/runtime/mocks";

export const mockAccountId = "123456789012";
export const mockRegion = "eu-west-1";

/** One resource that a program registered, as the engine would have seen it. */
export interface MockedResource {
  type: string;
  name: string;
  urn: string;
  parentUrn: string;
  custom: boolean;
  /** Inputs with secrets unwrapped; an input that is unknown in a preview is absent. */
  inputs: pulumi.Inputs;
  protect: boolean;
  retainOnDelete: boolean;
  deleteBeforeReplace: boolean;
  ignoreChanges: string[];
  /** URNs of every resource that must exist first. */
  dependencies: string[];
  /** `<urn>::<id>` of an explicit provider, empty for the default one. */
  provider: string;
}

/** One provider function that a program called. */
export interface MockedInvoke {
  token: string;
  inputs: pulumi.Inputs;
  /** `<urn>::<id>` of an explicit provider, empty for the default one. */
  provider: string;
}

/** What a program did under mocks. */
export interface MockedDeployment<T> {
  /** What the program returned. */
  result: T;
  resources: MockedResource[];
  invokes: MockedInvoke[];
  /** Every resource of a type. */
  ofType(type: string): MockedResource[];
  /** The only resource of a type, or the only one with that logical name; anything else is an error. */
  one(type: string, name?: string): MockedResource;
  /** `type  name  < parent type  parent name` per resource, sorted: a change here is a change for deployed stacks. */
  tree(): string[];
}

/** How the mocked cloud answers. */
export interface MockOptions {
  /** Outputs per type token beyond the inputs and the usual `id` and `arn`. */
  outputs?: Record<string, (resource: MockResourceArgs) => pulumi.Inputs>;
  /** Answers of provider functions per token. */
  invokes?: Record<string, (call: MockCallArgs) => pulumi.Inputs>;
  /** Runs as a preview: computed outputs are unknown. @default false */
  preview?: boolean;
  project?: string;
  stack?: string;
}

const standardOutputs: NonNullable<MockOptions["outputs"]> = {
  "aws:s3/bucket:Bucket": ({ name, inputs }) => {
    const bucket = inputs.bucket ?? `${name}-1234567`;
    return {
      id: bucket,
      bucket,
      arn: `arn:aws:s3:::${bucket}`,
      bucketRegionalDomainName: `${bucket}.s3.test`,
    };
  },
  "aws:kms/key:Key": () => {
    const keyId = "11111111-2222-3333-4444-555555555555";
    return { id: keyId, keyId, arn: `arn:aws:kms:${mockRegion}:${mockAccountId}:key/${keyId}` };
  },
  "aws:iam/role:Role": ({ name }) => ({
    id: `${name}-1234567`,
    name: `${name}-1234567`,
    arn: `arn:aws:iam::${mockAccountId}:role/${name}-1234567`,
  }),
  "aws:sqs/queue:Queue": ({ name }) => ({ url: `https://sqs.${mockRegion}.test/${mockAccountId}/${name}` }),
  "aws:ecr/repository:Repository": ({ name }) => ({
    repositoryUrl: `${mockAccountId}.dkr.ecr.${mockRegion}.test/${name}`,
  }),
  "aws:eks/cluster:Cluster": ({ name, inputs }) => ({
    id: inputs.name ?? name,
    endpoint: "https://cluster.test",
    certificateAuthority: { data: "Q0E=" },
    identities: [{ oidcs: [{ issuer: "https://oidc.test/id" }] }],
    vpcConfig: { ...inputs.vpcConfig, clusterSecurityGroupId: "sg-cluster" },
  }),
  "awsx:ec2:Vpc": ({ name }) => ({
    vpcId: `${name}-vpc`,
    privateSubnetIds: [`${name}-private-1`, `${name}-private-2`],
    publicSubnetIds: [`${name}-public-1`, `${name}-public-2`],
    routeTables: [{ id: `${name}-routes-1` }, { id: `${name}-routes-2` }],
  }),
};

const standardInvokes: NonNullable<MockOptions["invokes"]> = {
  "aws:index/getCallerIdentity:getCallerIdentity": () => ({
    accountId: mockAccountId,
    arn: `arn:aws:iam::${mockAccountId}:user/test`,
    userId: "TEST",
  }),
  "aws:index/getRegion:getRegion": () => ({ id: mockRegion, name: mockRegion, region: mockRegion }),
  "aws:index/getPartition:getPartition": () => ({ id: "aws", partition: "aws", dnsSuffix: "amazonaws.com" }),
  "aws:eks/getCluster:getCluster": ({ inputs }) => ({
    id: inputs.name,
    name: inputs.name,
    arn: `arn:aws:eks:${mockRegion}:${mockAccountId}:cluster/${inputs.name}`,
    endpoint: "https://existing-cluster.test",
    certificateAuthorities: [{ data: "RVhJU1RJTkc=" }],
    identities: [{ oidcs: [{ issuer: "https://oidc.test/existing" }] }],
    vpcConfig: { clusterSecurityGroupId: "sg-existing" },
  }),
};

/** State of a resource: its inputs, an ARN in the provider's style, and what its type computes. */
function mockState(resource: MockResourceArgs, options: MockOptions): pulumi.Inputs {
  const [provider = "", module = ""] = resource.type.split(":");
  const service = module.split("/")[0];
  const computed =
    resource.custom === false || provider !== "aws"
      ? {}
      : {
          name: resource.inputs.name ?? `${resource.name}-1234567`,
          arn: `arn:aws:${service}:${mockRegion}:${mockAccountId}:${resource.name}`,
        };
  const byType = options.outputs?.[resource.type] ?? standardOutputs[resource.type];
  return { ...computed, ...resource.inputs, ...byType?.(resource) };
}

function answerInvoke(call: MockCallArgs, options: MockOptions): pulumi.Inputs {
  const answer = options.invokes?.[call.token] ?? standardInvokes[call.token];
  if (answer === undefined) {
    throw new Error(`The program calls ${call.token}, which the mocks do not answer; pass it in "invokes".`);
  }
  return answer(call);
}

/** Keeps what only the request knows: parent, protection, dependencies. */
function observe(
  request: RegisterResourceRequest,
  urn: string,
  inputs: pulumi.Inputs | undefined,
): MockedResource {
  return {
    type: request.getType(),
    name: request.getName(),
    urn,
    parentUrn: request.getParent(),
    custom: request.getCustom(),
    inputs: inputs ?? {},
    protect: request.getProtect() ?? false,
    retainOnDelete: request.getRetainondelete() ?? false,
    deleteBeforeReplace: request.getDeletebeforereplace(),
    ignoreChanges: request.getIgnorechangesList(),
    dependencies: request.getDependenciesList(),
    provider: request.getProvider(),
  };
}

/**
 * Runs a program against Pulumi's mock engine and hands back everything that it registered. It returns once
 * every registration has been answered, so a resource in an `apply` is seen too.
 */
export async function deployInMocks<T>(
  program: () => T | Promise<T>,
  options: MockOptions = {},
): Promise<MockedDeployment<T>> {
  const resources: MockedResource[] = [];
  const invokes: MockedInvoke[] = [];
  const inputsOf = new Map<string, pulumi.Inputs>();
  const key = (type: string, name: string): string => `${type} ${name}`;
  await pulumi.runtime.setMocks(
    {
      newResource: (resource) => {
        inputsOf.set(key(resource.type, resource.name), resource.inputs as pulumi.Inputs);
        const state = mockState(resource, options);
        return { id: (state.id as string | undefined) ?? `${resource.name}-id`, state };
      },
      call: (call) => {
        invokes.push({
          token: call.token,
          inputs: call.inputs as pulumi.Inputs,
          provider: call.provider ?? "",
        });
        return answerInvoke(call, options);
      },
    },
    options.project ?? "project",
    options.stack ?? "test",
    options.preview ?? false,
  );
  const monitor = pulumi.runtime.getMonitor() as unknown as MockMonitor;
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request: RegisterResourceRequest, callback) =>
    register(request, (error, response) => {
      if (!error) {
        const inputs = inputsOf.get(key(request.getType(), request.getName()));
        resources.push(observe(request, (response as { getUrn(): string }).getUrn(), inputs));
      }
      callback(error, response);
    });

  let result: T;
  try {
    result = await program();
  } finally {
    // Also after an error: what is still under way would run into the next test.
    await settled();
  }

  const ofType = (type: string) => resources.filter((resource) => resource.type === type);
  return {
    result,
    resources,
    invokes,
    ofType,
    one: (type, name) => only(ofType(type), type, name),
    tree: () => tree(resources),
  };
}

/** Waits until no registration is under way; those made in an `apply` start others, hence several turns. */
async function settled(): Promise<void> {
  // Not in Pulumi's type declarations: the public disconnect() also forgets the mocks, which a later turn needs.
  const { waitForRPCs } = pulumi.runtime as unknown as { waitForRPCs(): Promise<void> };
  for (let turn = 0; turn < 5; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
    await waitForRPCs();
  }
}

function only(candidates: MockedResource[], type: string, name: string | undefined): MockedResource {
  const found = candidates.filter((resource) => name === undefined || resource.name === name);
  const [first] = found;
  if (first === undefined || found.length > 1) {
    const names = candidates.map((resource) => resource.name).join(", ");
    throw new Error(
      `Expected one ${type}${name === undefined ? "" : ` named ${name}`}, found ${found.length}; names of that type: ${names}`,
    );
  }
  return first;
}

function tree(resources: MockedResource[]): string[] {
  const label = ({ type, name }: { type: string; name: string }): string => `${type}  ${name}`;
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  return resources
    .map((resource) => {
      const parent = byUrn.get(resource.parentUrn);
      return parent === undefined ? label(resource) : `${label(resource)}  < ${label(parent)}`;
    })
    .sort();
}

/** The value of an output; rejects where the output failed. */
export function valueOf<T>(output: pulumi.Input<T>): Promise<pulumi.Unwrap<T>> {
  return (pulumi.output(output) as unknown as { promise(): Promise<pulumi.Unwrap<T>> }).promise();
}

/** A policy document among the inputs, parsed. */
export interface PolicyDocument {
  Version: string;
  Statement: {
    Sid?: string;
    Effect: string;
    Principal?: unknown;
    Action: string | string[];
    Resource?: string | string[];
    Condition?: Record<string, Record<string, unknown>>;
  }[];
}

/** Parses a policy document that an input holds as JSON. */
export function parsePolicy(document: unknown): PolicyDocument {
  return JSON.parse(document as string) as PolicyDocument;
}
