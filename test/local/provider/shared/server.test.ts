import * as grpc from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import {
  ConfigureRequest,
  CreateRequest,
  type CreateResponse,
  ErrorResourceInitFailed,
} from "@pulumi/pulumi/proto/provider_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { type ProviderServer, serveProvider } from "../../../../local/provider/shared/server";
import {
  HalfCreatedError,
  noDifference,
  type ProviderService,
  type Values,
} from "../../../../local/provider/shared/service";

const urn = "urn:pulumi:stack::project::component$aws:s3/bucket:Bucket::raw";
type Create = ProviderService["create"];

function provider(create: Create, configure?: ProviderService["configure"]): ProviderService {
  return {
    version: "1.2.3",
    configure,
    check: async ({ news }) => ({ inputs: news }),
    diff: async () => noDifference,
    create,
    read: async () => undefined,
    update: async ({ news }) => ({ outputs: news }),
    delete: async () => undefined,
    invoke: async ({ args }) => args,
  };
}

const servers: ProviderServer[] = [];
const clients: ResourceProviderClient[] = [];

async function serve(service: ProviderService): Promise<ProviderServer> {
  const server = await serveProvider(service);
  servers.push(server);
  return server;
}

function connect({ port }: ProviderServer): ResourceProviderClient {
  const client = new ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), {
    // Without this, clients of one process share a connection; engines never do.
    "grpc.use_local_subchannel_pool": 1,
  });
  clients.push(client);
  return client;
}

function create(client: ResourceProviderClient, properties: Values = {}): Promise<CreateResponse> {
  const request = new CreateRequest();
  request.setUrn(urn);
  request.setProperties(Struct.fromJavaScript(properties as Record<string, string>));
  return new Promise((resolve, reject) => {
    client.create(request, (error, response) => (error ? reject(error) : resolve(response)));
  });
}

function configure(client: ResourceProviderClient, args: Record<string, string>): Promise<void> {
  const request = new ConfigureRequest();
  request.setArgs(Struct.fromJavaScript(args));
  return new Promise((resolve, reject) => {
    client.configure(request, (error) => (error ? reject(error) : resolve()));
  });
}

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  for (const server of servers.splice(0)) await server.stop();
});

describe("serveProvider", () => {
  it("hands over type, logical name and properties, and answers the outputs", async () => {
    const server = await serve(
      provider(async ({ type, name, inputs }) => ({
        id: `${type} ${name}`,
        outputs: { ...inputs, arn: "arn:a" },
      })),
    );
    const response = await create(connect(server), { bucket: "raw" });
    expect(response.getId()).toBe("aws:s3/bucket:Bucket raw");
    expect(response.getProperties()?.toJavaScript()).toEqual({ bucket: "raw", arn: "arn:a" });
  });

  it("tells provider instances apart by their connection", async () => {
    const regions = new Map<string, unknown>();
    const server = await serve(
      provider(
        async ({ connection }) => ({ id: String(regions.get(connection)), outputs: {} }),
        async (connection, { region }) => void regions.set(connection, region),
      ),
    );
    const [first, second] = [connect(server), connect(server)];
    await configure(first, { region: "us-east-1" });
    await configure(second, { region: "eu-west-1" });
    const ids = (await Promise.all([create(first), create(second)])).map((response) => response.getId());
    expect(ids).toEqual(["us-east-1", "eu-west-1"]);
  });

  it("answers an error with its sentence and goes on serving", async () => {
    let calls = 0;
    const server = await serve(
      provider(async () => {
        calls += 1;
        if (calls === 1) throw new Error("raw: NoSuchKey – gone");
        return { id: "second", outputs: {} };
      }),
    );
    const client = connect(server);
    await expect(create(client)).rejects.toMatchObject({ details: "raw: NoSuchKey – gone" });
    expect((await create(client)).getId()).toBe("second");
  });

  it("tells the engine the id of what could be neither finished nor removed", async () => {
    const server = await serve(
      provider(async () => {
        throw new HalfCreatedError("half", "i-1", { name: "a" });
      }),
    );
    const error = await create(connect(server)).catch((caught: unknown) => caught as grpc.ServiceError);
    const [details] = (error as grpc.ServiceError).metadata.get("grpc-status-details-bin");
    const bytes = details as Buffer;
    const from = bytes.indexOf("type.googleapis.com/pulumirpc.ErrorResourceInitFailed");
    expect(from).toBeGreaterThan(0);
    // The message follows its type's name: tag, length (one byte, it is short), bytes.
    const start = from + "type.googleapis.com/pulumirpc.ErrorResourceInitFailed".length + 2;
    const failed = ErrorResourceInitFailed.deserializeBinary(bytes.subarray(start));
    expect(failed.getId()).toBe("i-1");
    expect(failed.getProperties()?.toJavaScript()).toEqual({ name: "a" });
  });

  it("finishes what is in flight before it stops, even when the caller is gone", async () => {
    let finish: () => void = () => undefined;
    let finished = false;
    const started = new Promise<void>((resolve) => {
      void serve(
        provider(async () => {
          resolve();
          await new Promise<void>((release) => (finish = release));
          finished = true;
          return { id: "late", outputs: {} };
        }),
      ).then((server) => {
        const client = connect(server);
        create(client).catch(() => undefined);
      });
    });
    await started;
    clients[0]!.close();
    const stopped = servers[0]!.stop();
    setTimeout(() => finish(), 50);
    await stopped;
    expect(finished).toBe(true);
  });
});
