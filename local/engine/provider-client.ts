/** Talks to a running provider directly, for resources that the engine's state does not know. */
import * as grpc from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { DeleteRequest } from "@pulumi/pulumi/proto/provider_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { JournalEntry } from "../provider/shared/journal";

const timeoutMilliseconds = 120_000;

export class ProviderClients {
  private readonly clients = new Map<string, ResourceProviderClient>();

  /** @param debugProviders `aws:1234,kubernetes:1235`, as the engine gets it */
  constructor(debugProviders: string) {
    for (const provider of debugProviders.split(",")) {
      const [name, port] = provider.split(":");
      if (!name || !port) continue;
      const credentials = grpc.credentials.createInsecure();
      this.clients.set(name, new ResourceProviderClient(`127.0.0.1:${port}`, credentials));
    }
  }

  /** Deletes a physical resource with what it holds. */
  delete({ urn, type, id }: JournalEntry): Promise<void> {
    const client = this.clients.get(type.split(":")[0]!);
    if (!client) return Promise.reject(new Error(`no provider runs that could delete ${type} ${id}`));
    const request = new DeleteRequest();
    request.setUrn(urn);
    request.setType(type);
    request.setId(id);
    request.setProperties(Struct.fromJavaScript({ forceDestroy: true }));
    return new Promise((resolve, reject) => {
      client.delete(request, new grpc.Metadata(), { deadline: Date.now() + timeoutMilliseconds }, (error) =>
        error ? reject(new Error(error.details)) : resolve(),
      );
    });
  }

  close(): void {
    for (const client of this.clients.values()) client.close();
  }
}
