import type { ClientConfiguration } from "./framework/types";

/** Region when neither the provider's configuration nor the environment names one. */
export const defaultRegion = "us-east-1";

type ClientConstructor<Client> = new (configuration: ClientConfiguration & { maxAttempts: number }) => Client;

/**
 * The AWS SDK clients of this process, one per service and region. Endpoint and credentials come from the SDK's own
 * environment variables (`AWS_ENDPOINT_URL`, `AWS_ACCESS_KEY_ID`, …).
 */
export class Clients {
  private readonly made = new Map<string, unknown>();
  private readonly constructors = new Map<unknown, number>();

  get<Client>(constructor: ClientConstructor<Client>, region: string): Client {
    const key = `${this.numberOf(constructor)} ${region}`;
    let client = this.made.get(key) as Client | undefined;
    if (client === undefined) {
      // Bucket names are no host names on an emulator, hence the path style; queues are reached as everything else is.
      client = new constructor({
        region,
        forcePathStyle: true,
        maxAttempts: 3,
        useQueueUrlAsEndpoint: false,
      });
      this.made.set(key, client);
    }
    return client;
  }

  /** Names of classes are not unique once a bundler has been over them. */
  private numberOf(constructor: unknown): number {
    const known = this.constructors.get(constructor);
    if (known !== undefined) return known;
    this.constructors.set(constructor, this.constructors.size);
    return this.constructors.size - 1;
  }
}
