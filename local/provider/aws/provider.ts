import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { Journal } from "../shared/journal";
import type { Difference, ProviderService, ResourceCall, Values } from "../shared/service";
import { Clients } from "./clients";
import { checkInputs } from "./framework/check";
import {
  checkAccount,
  checkConfiguration,
  parseConfiguration,
  type ProviderConfiguration,
} from "./framework/configuration";
import { diffInputs } from "./framework/diff";
import { sentence } from "./framework/errors";
import { Lifecycle } from "./framework/lifecycle";
import { createRecorded, recordedOutputs } from "./framework/recorded";
import type { HandlerContext, ResourceHandler } from "./framework/types";
import { functionHandler, recordedReason, resourceHandler } from "./registry";

/** Version of `@pulumi/aws` that this provider stands in for: the engine asks for exactly that one. */
export const version = "7.48.0";

type BaseContext = Omit<HandlerContext, "created">;

/** The sandbox's AWS provider: every type goes through its handler, or is recorded where it has none. */
export class AwsProvider implements ProviderService {
  readonly version = version;
  private readonly clients = new Clients();
  private readonly configurations = new Map<string, ProviderConfiguration>();
  private readonly accounts = new Map<string, Promise<string>>();

  constructor(
    private readonly journal: Journal,
    private readonly environment: NodeJS.ProcessEnv = process.env,
  ) {}

  async checkConfig(inputs: Values) {
    return checkConfiguration(inputs);
  }

  async configure(connection: string, values: Values): Promise<void> {
    const configuration = parseConfiguration(values, this.environment);
    this.configurations.set(connection, configuration);
    const { allowedAccountIds, forbiddenAccountIds } = configuration;
    if (allowedAccountIds.length + forbiddenAccountIds.length === 0) return;
    checkAccount(configuration, await this.accountId(configuration.region));
  }

  async check(call: ResourceCall & { olds: Values | undefined; news: Values; seed: Uint8Array }) {
    const handler = resourceHandler(call.type);
    if (!handler) return { inputs: call.news };
    return checkInputs(handler, call, this.configuration(call.connection).defaultTags);
  }

  async diff(call: ResourceCall & { oldInputs: Values; news: Values }): Promise<Difference> {
    return diffInputs(resourceHandler(call.type), call.oldInputs, call.news);
  }

  async create(call: ResourceCall & { inputs: Values; preview: boolean }) {
    const handler = resourceHandler(call.type);
    if (call.preview) return { id: "", outputs: previewOutputs(handler, call.inputs) };
    const context = this.context(call, call.inputs);
    if (!handler || isRecorded(call.type, call.inputs)) {
      return createRecorded(handler, call, call.inputs, context);
    }
    const made = await new Lifecycle(handler, call, context, this.journal).create(call.inputs);
    return { ...made, secretOutputs: handler.secretOutputs };
  }

  async read(call: ResourceCall & { id: string; inputs: Values | undefined; properties: Values }) {
    const handler = resourceHandler(call.type);
    const inputs = call.inputs ?? {};
    if (!handler || isRecorded(call.type, call.properties)) {
      return { id: call.id, inputs, outputs: call.properties };
    }
    const found = await this.lifecycle(handler, call, call.properties).read(call.id, inputs, call.properties);
    return found && { ...found, secretOutputs: handler.secretOutputs };
  }

  async update(call: ResourceCall & { id: string; olds: Values; news: Values; preview: boolean }) {
    const handler = resourceHandler(call.type);
    if (!handler || isRecorded(call.type, call.news)) {
      return { outputs: await recordedOutputs(handler, call.id, call.news, this.context(call, call.news)) };
    }
    const lifecycle = this.lifecycle(handler, call, call.news);
    if (call.preview) return { outputs: lifecycle.previewUpdate(call.olds, call.news) };
    const outputs = await lifecycle.update(call.id, call.olds, call.news);
    return { outputs, secretOutputs: handler.secretOutputs };
  }

  async delete(call: ResourceCall & { id: string; properties: Values }): Promise<void> {
    const handler = resourceHandler(call.type);
    if (!handler || isRecorded(call.type, call.properties)) return;
    await this.lifecycle(handler, call, call.properties).delete(call.id, call.properties);
  }

  async invoke(call: { connection: string; token: string; args: Values }): Promise<Values> {
    const handler = functionHandler(call.token);
    if (!handler) {
      throw new Error(
        `${call.token}: the sandbox does not serve this function; pass the value to the component instead of looking it up`,
      );
    }
    const context = this.context({ connection: call.connection, urn: "" }, call.args);
    try {
      return await handler.invoke(call.args, { ...context, created: () => undefined });
    } catch (error) {
      throw new Error(sentence(call.token, error), { cause: error });
    }
  }

  private lifecycle(handler: ResourceHandler, call: ResourceCall, properties: Values): Lifecycle {
    return new Lifecycle(handler, call, this.context(call, properties), this.journal);
  }

  /** The engine configures each provider instance before it uses it; without that the environment decides. */
  private configuration(connection: string): ProviderConfiguration {
    return this.configurations.get(connection) ?? parseConfiguration({}, this.environment);
  }

  private context(call: { connection: string; urn: string }, properties: Values): BaseContext {
    const own = properties.region;
    const region = typeof own === "string" && own !== "" ? own : this.configuration(call.connection).region;
    return {
      urn: call.urn,
      region,
      client: (constructor) => this.clients.get(constructor, region),
      accountId: () => this.accountId(region),
    };
  }

  private accountId(region: string): Promise<string> {
    const previewed = this.environment.SANDBOX_PREVIEW_ACCOUNT;
    if (previewed) return Promise.resolve(previewed);
    let account = this.accounts.get(region);
    if (account === undefined) {
      account = this.clients
        .get(STSClient, region)
        .send(new GetCallerIdentityCommand({}))
        .then((answer) => answer.Account!);
      account.catch(() => this.accounts.delete(region));
      this.accounts.set(region, account);
    }
    return account;
  }
}

function isRecorded(type: string, properties: Values): boolean {
  return recordedReason(type, properties) !== undefined;
}

/** Outputs of a create that a preview can foresee; the rest stays unknown to the program. */
function previewOutputs(handler: ResourceHandler | undefined, inputs: Values): Values {
  const outputs = Object.fromEntries(Object.entries(inputs).filter(([key]) => !key.startsWith("__")));
  return handler?.taggable && outputs.tags !== undefined ? { ...outputs, tagsAll: outputs.tags } : outputs;
}
