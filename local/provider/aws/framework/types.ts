import type * as pulumi from "@pulumi/pulumi";

/** Plain property values as a handler sees them: no secrets, no unknowns, no internal keys. */
export type Properties = Record<string, unknown>;

/** The arguments of a `@pulumi/aws` resource as plain values. Assets and archives arrive as `AssetLike`. */
export type Plain<Args> = pulumi.Unwrap<Args>;

/** Configuration that every AWS SDK client of the provider is made with. */
export interface ClientConfiguration {
  region: string;
  endpoint?: string;
  forcePathStyle?: boolean;
  /** Of SQS: calls go to the address inside a queue's URL. */
  useQueueUrlAsEndpoint?: boolean;
}

/** What a handler may ask of the provider while it serves one call. */
export interface HandlerContext {
  /** URN of the resource; empty for functions. */
  readonly urn: string;
  /** Region of the provider, or the resource's own `region` input. */
  readonly region: string;
  /** Client of an AWS SDK v3 service, e.g. `context.client(S3Client)`; one per service and region. */
  client<Client>(constructor: new (configuration: ClientConfiguration) => Client): Client;
  /** Account of the caller, as STS answers. */
  accountId(): Promise<string>;
  /**
   * Call it right after the SDK call that made the physical resource, before any further call: the journal
   * then knows the resource, and what was made is deleted when the rest of `create` fails.
   */
  created(id: string): void;
}

/** How `check` fills a physical name that the program left out. */
export interface Autoname {
  /** Input that holds the name, e.g. `bucket`. */
  property: string;
  maximumLength: number;
  /** Makes the name valid for the service, e.g. lower case; runs on the prefix before the random part is added. */
  transform?: (name: string) => string;
  /** Ending that the service asks for; a function sees the inputs, e.g. `.fifo` of a FIFO queue. */
  suffix?: string | ((inputs: Properties) => string);
  /** What stands before the random part, for services that take no hyphen. @default "-" */
  separator?: string;
}

/** A problem of an input: the path of the field and a sentence about it. */
export interface InputProblem {
  property: string;
  reason: string;
}

/**
 * How one Pulumi type is applied to AWS. `Inputs` are the type's arguments as plain values; use
 * {@link defineResource} to take them from `@pulumi/aws`.
 */
export interface ResourceHandler<Inputs = Properties> {
  /** Pulumi type token, e.g. "aws:s3/bucket:Bucket". */
  type: string;
  /** Further tokens of the same resource, e.g. "aws:s3/bucketV2:BucketV2". */
  aliases?: string[];
  /** Why no emulator serves the type. The type is then kept in state only, and none of its functions is called. */
  recordedBecause?: string;
  /**
   * Why no emulator serves a resource with these inputs (or last known properties), where the type as such is served.
   * Changes of the inputs that it reads have to replace the resource.
   */
  recordedWhen?(properties: Partial<Inputs> & Properties): string | undefined;
  autoname?: Autoname;
  /** Inputs without which AWS refuses the resource. */
  required?: (keyof Inputs & string)[];
  /** Input checks beyond `required`; values may be unknown (see `isUnknown`) while a preview runs. */
  check?(inputs: Partial<Inputs>): InputProblem[];
  /** Inputs whose change replaces the resource. */
  replaceOn?: (keyof Inputs & string)[];
  /** Further replacements that depend on the values, e.g. on one field of a document: the inputs that cause them. */
  replacedBy?(olds: Partial<Inputs>, news: Partial<Inputs>): (keyof Inputs & string)[];
  /** The old resource has to go before its replacement comes (also the case when a fixed physical name is kept). */
  deleteBeforeReplace?: boolean;
  /** Has `tags`: provider default tags are merged into them, and the output `tagsAll` repeats them. */
  taggable?: boolean;
  /** Inputs that are lists without order. */
  unordered?: (keyof Inputs & string)[];
  /** Inputs that hold data, where JSON with other white space is another value. */
  verbatim?: (keyof Inputs & string)[];
  /** Outputs that AWS decides; never taken for inputs when `refresh` finds a change. */
  computed?: string[];
  /** Outputs that an update may change: unknown to dependants in a preview of one. */
  changedByUpdate?: string[];
  /** Outputs that are always secret. */
  secretOutputs?: string[];
  /**
   * Makes the resource. The framework calls `read` afterwards, so `outputs` are only needed for what cannot be
   * read back (a secret that AWS shows once).
   */
  create(inputs: Inputs, context: HandlerContext): Promise<{ id: string; outputs?: Properties }>;
  /**
   * The resource as AWS answers now, undefined when it is gone. Return a key for everything that can be seen, with the value
   * `undefined` when it is not set; leave the key out when the emulator does not answer it (the last known value is kept).
   * `properties` are the last known outputs; only `id` is sure (`get` and recovery know nothing else).
   */
  read(
    id: string,
    properties: Partial<Inputs> & Properties,
    context: HandlerContext,
  ): Promise<Properties | undefined>;
  /** Changes the resource in place; without it every change replaces. `read` follows, as after `create`. */
  update?(
    id: string,
    olds: Partial<Inputs> & Properties,
    news: Inputs,
    context: HandlerContext,
  ): Promise<Properties | void>;
  /** Removes the resource; one that is gone already is fine (errors that `isNotFound` knows are swallowed by the framework). */
  delete(id: string, properties: Partial<Inputs> & Properties, context: HandlerContext): Promise<void>;
  /** For recorded types: outputs that dependants need, made up here and marked as such. */
  recordedOutputs?(id: string, inputs: Inputs, context: HandlerContext): Promise<Properties>;
}

/** A function (`invoke`), e.g. "aws:index/getCallerIdentity:getCallerIdentity". */
export interface FunctionHandler {
  token: string;
  invoke(args: Properties, context: HandlerContext): Promise<Properties>;
}

/**
 * Types a handler by the arguments of the `@pulumi/aws` resource that it serves, e.g.
 * `defineResource<aws.s3.BucketArgs>({ type: "aws:s3/bucket:Bucket", … })`.
 */
export function defineResource<Args>(handler: ResourceHandler<Plain<Args>>): ResourceHandler {
  return handler as unknown as ResourceHandler;
}
