import * as grpc from "@grpc/grpc-js";
import * as services from "@pulumi/pulumi/proto/provider_grpc_pb";
import { implementation } from "./protocol";
import type { ProviderService } from "./service";

/** As the engine's own limit: policies and archives inside a message may be large. */
const maximumMessageBytes = 400 * 1024 * 1024;

/** A running provider. */
export interface ProviderServer {
  port: number;
  /** Takes no new calls and resolves when the running ones have ended. */
  stop(): Promise<void>;
}

/**
 * Serves a provider on a free port of 127.0.0.1. Unlike the server in `@pulumi/pulumi/provider` it hands over the provider's
 * configuration and the last inputs of a diff, tells instances of one provider apart, and supports previews.
 */
export async function serveProvider(provider: ProviderService): Promise<ProviderServer> {
  const server = new grpc.Server({ "grpc.max_receive_message_length": maximumMessageBytes });
  const running = new Set<Promise<unknown>>();
  server.addService(
    services.ResourceProviderService,
    implementation(provider, (call) => {
      const ended = (): void => void running.delete(call);
      running.add(call);
      call.then(ended, ended);
    }),
  );
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return {
    port,
    async stop() {
      const closed = new Promise<void>((resolve) => server.tryShutdown(() => resolve()));
      // A call whose engine was killed is over for gRPC, while its AWS calls still run.
      await Promise.allSettled(running);
      await closed;
    },
  };
}

/**
 * Entry point of a provider's process: prints the port as the first line, as Pulumi expects, and on SIGTERM or
 * SIGINT finishes what is in flight before it exits.
 */
export async function runProvider(provider: ProviderService): Promise<void> {
  const server = await serveProvider(provider);
  const stop = (): void => {
    void server.stop().then(() => process.exit(0));
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
  process.stdout.write(`${server.port}\n`);
}
