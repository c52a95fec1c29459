import type { Journal } from "../shared/journal";
import {
  type CheckFailure,
  type Difference,
  HalfCreatedError,
  type ProviderService,
  type ResourceCall,
  type Values,
} from "../shared/service";
import { hasUnknown } from "../shared/signatures";
import { ApiClient } from "./api-client";
import { waitUntilServed } from "./custom-resource-definition";
import { diffInputs, withReplacement } from "./difference";
import { type KubernetesObject, metadataOf } from "./kubernetes-object";
import { NamespaceFinalizer } from "./namespace-finalizer";
import { withName } from "./naming";
import { isImmutableField, ObjectApi, objectId, type ObjectReference } from "./object-api";
import { findDrift, withDrift } from "./owned-fields";
import { parseTypeToken } from "./type-token";

/** Version of `@pulumi/kubernetes` that this provider stands in for: the engine asks for exactly that one. */
export const version = "4.34.2";

/** Options of the official provider that would change what an apply means and are not served. */
const refusedOptions = ["renderYamlToDirectory"];

/**
 * The sandbox's Kubernetes provider: every kind of the API through server-side apply.
 *
 * It always talks to the sandbox's own API server. The `kubeconfig` and `context` that the program gives are accepted
 * and not used: the program builds them from the outputs of its EKS cluster, which on an emulator names no API
 * server, and in no case may the sandbox reach a real cluster.
 */
export class KubernetesProvider implements ProviderService {
  readonly version = version;
  private readonly api: ObjectApi;
  private readonly namespaces: NamespaceFinalizer;
  /** Default namespace of each configured provider instance. */
  private readonly defaultNamespaces = new Map<string, string>();

  constructor(
    kubeconfig: string,
    private readonly journal: Journal,
  ) {
    const client = new ApiClient(kubeconfig);
    this.api = new ObjectApi(client);
    this.namespaces = new NamespaceFinalizer(client);
  }

  async checkConfig(inputs: Values): Promise<CheckFailure[]> {
    return refusedOptions
      .filter((option) => inputs[option] !== undefined)
      .map((property) => ({
        property,
        reason: "is not served by the sandbox's Kubernetes provider; leave it out",
      }));
  }

  async configure(connection: string, configuration: Values): Promise<void> {
    const { namespace } = configuration;
    this.defaultNamespaces.set(
      connection,
      typeof namespace === "string" && namespace !== "" ? namespace : "default",
    );
  }

  async check(call: ResourceCall & { olds: Values | undefined; news: Values; seed: Uint8Array }) {
    const { apiVersion, kind } = parseTypeToken(call.type);
    const inputs = withName(call.name, { ...call.news, apiVersion, kind }, call.olds, call.seed);
    const failures: CheckFailure[] = [];
    if (metadataOf(inputs).generateName !== undefined) {
      failures.push({
        property: "metadata.generateName",
        reason: "is not served; leave the name out to get a generated one",
      });
    }
    return { inputs, failures };
  }

  async diff(call: ResourceCall & { oldInputs: Values; olds: Values; news: Values }): Promise<Difference> {
    const type = parseTypeToken(call.type);
    const difference = diffInputs(type.kind, call.oldInputs, call.news);
    if (!difference.changes || difference.replaces.length > 0 || hasUnknown(call.news)) return difference;
    // Only the server knows every field that it will not change.
    try {
      await this.api.apply(await this.reference(call, call.news), call.news as KubernetesObject, true);
      return difference;
    } catch (error) {
      // Whatever else is wrong with the object is said when it is applied.
      if (!isImmutableField(error)) return difference;
      return withReplacement(difference, Object.keys(difference.properties), call.oldInputs, call.news);
    }
  }

  async create(call: ResourceCall & { inputs: Values; preview: boolean }) {
    if (call.preview) return { id: "", outputs: call.inputs };
    const reference = await this.reference(call, call.inputs);
    const { live, created } = await this.api.apply(reference, call.inputs as KubernetesObject);
    const id = objectId(reference);
    if (created) this.journal.write({ event: "created", urn: call.urn, type: call.type, id });
    const outputs = outputsOf(live, call.inputs);
    if (reference.kind === "CustomResourceDefinition") await this.untilServed(live, id, outputs);
    return { id, outputs };
  }

  async read(call: ResourceCall & { id: string; inputs: Values | undefined; properties: Values }) {
    const reference = await this.referenceOf(call, call.id);
    const live = await this.api.get(reference);
    if (!live || live.metadata.deletionTimestamp !== undefined) return undefined;
    const known = call.inputs && Object.keys(call.inputs).length > 0 ? call.inputs : undefined;
    const inputs = known ? withDrift(known, findDrift(call.properties, live)) : importedInputs(live);
    return { id: objectId(reference), inputs, outputs: outputsOf(live, inputs) };
  }

  async update(call: ResourceCall & { id: string; olds: Values; news: Values; preview: boolean }) {
    if (call.preview) {
      const metadata = { ...metadataOf(call.olds), ...metadataOf(call.news) };
      return { outputs: { ...call.olds, ...call.news, metadata } };
    }
    const { live } = await this.api.apply(
      await this.referenceOf(call, call.id),
      call.news as KubernetesObject,
    );
    return { outputs: outputsOf(live, call.news) };
  }

  async delete(call: ResourceCall & { id: string; properties: Values }): Promise<void> {
    const reference = await this.referenceOf(call, call.id);
    await this.api.delete(reference, async (live) => {
      if (reference.apiVersion === "v1" && reference.kind === "Namespace") await this.namespaces.finish(live);
    });
    this.journal.write({ event: "deleted", urn: call.urn, type: call.type, id: call.id });
  }

  async invoke({ token }: { token: string }): Promise<Values> {
    throw new Error(`${token}: the sandbox's Kubernetes provider serves no functions.`);
  }

  private async untilServed(definition: KubernetesObject, id: string, outputs: Values): Promise<void> {
    try {
      await waitUntilServed(definition, this.api.discovery);
    } catch (error) {
      throw new HalfCreatedError((error as Error).message, id, outputs);
    }
  }

  private reference(call: ResourceCall, inputs: Values): Promise<ObjectReference> {
    const { name, namespace } = metadataOf(inputs);
    return this.api.reference(parseTypeToken(call.type), name!, namespace, this.defaultNamespace(call));
  }

  private referenceOf(call: ResourceCall, id: string): Promise<ObjectReference> {
    const [name, namespace] = id.split("/").reverse();
    return this.api.reference(parseTypeToken(call.type), name!, namespace, this.defaultNamespace(call));
  }

  private defaultNamespace(call: ResourceCall): string {
    return this.defaultNamespaces.get(call.connection) ?? "default";
  }
}

/** The live object. What the server does not answer, such as `stringData`, is kept out of the outputs as in the API. */
function outputsOf(live: KubernetesObject, inputs: Values): Values {
  return { ...live, apiVersion: inputs.apiVersion, kind: inputs.kind };
}

/** Inputs that would lead to the live object, for an import. */
function importedInputs(live: KubernetesObject): Values {
  const { name, namespace, labels, annotations } = live.metadata;
  return { ...live, status: undefined, metadata: { name, namespace, labels, annotations } };
}
