import * as grpc from "@grpc/grpc-js";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";
import { initFailed } from "./init-failed";
import { noSecrets, type Secrets, unwrapSecrets, wrapSecrets } from "./secrets";
import {
  type CheckFailure,
  type Difference,
  HalfCreatedError,
  type Outputs,
  type ProviderService,
  type Values,
} from "./service";

type Unary<Request, Response> = (request: Request, connection: string) => Promise<Response>;

/** The gRPC methods of a provider; `track` sees every call until it has ended. */
export function implementation(
  provider: ProviderService,
  track: (call: Promise<unknown>) => void,
): grpc.UntypedServiceImplementation {
  const unary =
    <Request, Response>(method: Unary<Request, Response>): grpc.handleUnaryCall<Request, Response> =>
    (call, callback) => {
      const answer = method(call.request, call.getPeer());
      track(answer);
      answer.then(
        (response) => callback(null, response),
        (error: unknown) => callback(asServiceError(error)),
      );
    };
  return {
    getPluginInfo: unary(async () => {
      const info = new PluginInfo();
      info.setVersion(provider.version);
      return info;
    }),
    attach: unary(async () => new Empty()),
    cancel: unary(async () => new Empty()),
    getSchema: unary(async () => {
      const response = new messages.GetSchemaResponse();
      response.setSchema("{}");
      return response;
    }),
    checkConfig: unary((request: messages.CheckRequest) => checkConfig(provider, request)),
    diffConfig: unary((request: messages.DiffRequest) => diffConfig(request)),
    configure: unary((request: messages.ConfigureRequest, connection) =>
      configure(provider, request, connection),
    ),
    check: unary((request: messages.CheckRequest, connection) => check(provider, request, connection)),
    diff: unary((request: messages.DiffRequest, connection) => diff(provider, request, connection)),
    create: unary((request: messages.CreateRequest, connection) => create(provider, request, connection)),
    read: unary((request: messages.ReadRequest, connection) => read(provider, request, connection)),
    update: unary((request: messages.UpdateRequest, connection) => update(provider, request, connection)),
    delete: unary((request: messages.DeleteRequest, connection) => remove(provider, request, connection)),
    invoke: unary((request: messages.InvokeRequest, connection) => invoke(provider, request, connection)),
  };
}

function asServiceError(error: unknown): grpc.ServerErrorResponse {
  if (error instanceof HalfCreatedError) return initFailed(error, encode(error.outputs));
  const message = error instanceof Error ? error.message : String(error);
  return Object.assign(new Error(message), { code: grpc.status.UNKNOWN, details: message });
}

function values(struct: Struct | undefined, secrets: Secrets): Values {
  return unwrapSecrets((struct?.toJavaScript() ?? {}) as Values, secrets);
}

function encode(properties: Values): Struct {
  // Undefined is left out of JSON, and a struct has no other way to say it.
  return Struct.fromJavaScript(JSON.parse(JSON.stringify(properties)) as Record<string, JavaScriptValue>);
}

function encodeOutputs({ outputs, secretOutputs = [] }: Outputs, secrets: Secrets): Struct {
  const properties = new Set([...secrets.properties, ...secretOutputs]);
  return encode(wrapSecrets(outputs, { ...secrets, properties }));
}

interface NamedRequest {
  getUrn(): string;
  getType(): string;
  getName(): string;
}

function resourceCall(request: NamedRequest, connection: string) {
  const urn = request.getUrn();
  const [type = "", name = ""] = urn.split("::").slice(2);
  return {
    connection,
    urn,
    type: request.getType() || type.split("$").at(-1)!,
    name: request.getName() || name,
  };
}

function failures(found: CheckFailure[]): messages.CheckFailure[] {
  return found.map(({ property, reason }) => {
    const failure = new messages.CheckFailure();
    failure.setProperty(property);
    failure.setReason(reason);
    return failure;
  });
}

async function checkConfig(provider: ProviderService, request: messages.CheckRequest) {
  const response = new messages.CheckResponse();
  response.setInputs(request.getNews());
  const found = await provider.checkConfig?.(values(request.getNews(), noSecrets()));
  response.setFailuresList(failures(found ?? []));
  return response;
}

async function diffConfig(request: messages.DiffRequest) {
  const response = new messages.DiffResponse();
  const before = JSON.stringify(values(request.getOldInputs() ?? request.getOlds(), noSecrets()));
  const after = JSON.stringify(values(request.getNews(), noSecrets()));
  const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges;
  response.setChanges(before === after ? DIFF_NONE : DIFF_SOME);
  return response;
}

async function configure(provider: ProviderService, request: messages.ConfigureRequest, connection: string) {
  await provider.configure?.(connection, values(request.getArgs(), noSecrets()));
  const response = new messages.ConfigureResponse();
  response.setAcceptsecrets(true);
  response.setSupportspreview(true);
  return response;
}

async function check(provider: ProviderService, request: messages.CheckRequest, connection: string) {
  const secrets = noSecrets();
  const olds = request.getOlds();
  const result = await provider.check({
    ...resourceCall(request, connection),
    olds: olds && values(olds, noSecrets()),
    news: values(request.getNews(), secrets),
    seed: request.getRandomseed_asU8(),
  });
  const response = new messages.CheckResponse();
  response.setInputs(encode(wrapSecrets(result.inputs, secrets)));
  response.setFailuresList(failures(result.failures ?? []));
  return response;
}

async function diff(provider: ProviderService, request: messages.DiffRequest, connection: string) {
  const olds = values(request.getOlds(), noSecrets());
  const oldInputs = request.getOldInputs();
  const difference = await provider.diff({
    ...resourceCall(request, connection),
    id: request.getId(),
    olds,
    oldInputs: oldInputs ? values(oldInputs, noSecrets()) : olds,
    news: values(request.getNews(), noSecrets()),
  });
  return diffResponse(difference);
}

function diffResponse(difference: Difference): messages.DiffResponse {
  const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges;
  const response = new messages.DiffResponse();
  response.setChanges(difference.changes ? DIFF_SOME : DIFF_NONE);
  response.setDiffsList(Object.keys(difference.properties));
  response.setReplacesList(difference.replaces);
  response.setDeletebeforereplace(difference.deleteBeforeReplace);
  response.setHasdetaileddiff(true);
  const { Kind } = messages.PropertyDiff;
  for (const [property, how] of Object.entries(difference.properties)) {
    const replaces = difference.replaces.includes(property);
    const detail = new messages.PropertyDiff();
    detail.setInputdiff(true);
    if (how === "add") detail.setKind(replaces ? Kind.ADD_REPLACE : Kind.ADD);
    else if (how === "delete") detail.setKind(replaces ? Kind.DELETE_REPLACE : Kind.DELETE);
    else detail.setKind(replaces ? Kind.UPDATE_REPLACE : Kind.UPDATE);
    response.getDetaileddiffMap().set(property, detail);
  }
  return response;
}

async function create(provider: ProviderService, request: messages.CreateRequest, connection: string) {
  const secrets = noSecrets();
  const inputs = values(request.getProperties(), secrets);
  try {
    const made = await provider.create({
      ...resourceCall(request, connection),
      inputs,
      preview: request.getPreview(),
    });
    const response = new messages.CreateResponse();
    response.setId(made.id);
    response.setProperties(encodeOutputs(made, secrets));
    return response;
  } catch (error) {
    if (!(error instanceof HalfCreatedError)) throw error;
    throw new HalfCreatedError(error.message, error.id, wrapSecrets(error.outputs, secrets));
  }
}

async function read(provider: ProviderService, request: messages.ReadRequest, connection: string) {
  const secrets = noSecrets();
  const inputs = request.getInputs();
  const found = await provider.read({
    ...resourceCall(request, connection),
    id: request.getId(),
    inputs: inputs && values(inputs, secrets),
    properties: values(request.getProperties(), secrets),
  });
  const response = new messages.ReadResponse();
  // An answer without an id says that the resource is gone.
  if (!found) return response;
  response.setId(found.id);
  response.setProperties(encodeOutputs(found, secrets));
  response.setInputs(encode(wrapSecrets(found.inputs, secrets)));
  return response;
}

async function update(provider: ProviderService, request: messages.UpdateRequest, connection: string) {
  const secrets = noSecrets();
  const news = values(request.getNews(), secrets);
  const oldSecrets = noSecrets();
  const olds = values(request.getOlds(), oldSecrets);
  // What only AWS decides stays as secret as it was.
  for (const property of oldSecrets.properties) if (!(property in news)) secrets.properties.add(property);
  const updated = await provider.update({
    ...resourceCall(request, connection),
    id: request.getId(),
    olds,
    news,
    preview: request.getPreview(),
  });
  const response = new messages.UpdateResponse();
  response.setProperties(encodeOutputs(updated, secrets));
  return response;
}

async function remove(provider: ProviderService, request: messages.DeleteRequest, connection: string) {
  const properties = values(request.getProperties(), noSecrets());
  await provider.delete({ ...resourceCall(request, connection), id: request.getId(), properties });
  return new Empty();
}

async function invoke(provider: ProviderService, request: messages.InvokeRequest, connection: string) {
  const secrets = noSecrets();
  const args = values(request.getArgs(), secrets);
  const result = await provider.invoke({ connection, token: request.getTok(), args });
  const response = new messages.InvokeResponse();
  response.setReturn(encode(wrapSecrets(result, secrets)));
  return response;
}
