import { setTimeout as sleep } from "node:timers/promises";
import { type ApiClient, ApiError } from "./api-client";
import { apiRoot, Discovery } from "./discovery";
import { type KubernetesObject, metadataOf } from "./kubernetes-object";
import { fieldManager } from "./owned-fields";
import type { ObjectType } from "./type-token";

/** Takes over fields that another manager holds, as in the official provider. */
const forceAnnotation = "pulumi.com/patchForce";
const deletionMilliseconds = 60_000;
const pollMilliseconds = 200;

/** One object of the API, by name. */
export interface ObjectReference extends ObjectType {
  name: string;
  /** Undefined for objects that belong to the whole cluster. */
  namespace?: string;
}

/** Reads, applies and deletes objects of every kind. */
export class ObjectApi {
  readonly discovery: Discovery;

  constructor(readonly client: ApiClient) {
    this.discovery = new Discovery(client);
  }

  /** Completes a reference: a namespaced object without a namespace is in `defaultNamespace`. */
  async reference(type: ObjectType, name: string, namespace: string | undefined, defaultNamespace: string) {
    const { namespaced } = await this.discovery.find(type);
    return { ...type, name, namespace: namespaced ? (namespace ?? defaultNamespace) : undefined };
  }

  async get(reference: ObjectReference): Promise<KubernetesObject | undefined> {
    try {
      return (
        await this.client.request<KubernetesObject>({ method: "GET", path: await this.path(reference) })
      ).body;
    } catch (error) {
      if (error instanceof ApiError && error.code === 404) return undefined;
      throw describe(reference, error);
    }
  }

  /**
   * Server-side apply; unknown fields and fields of other managers are refused.
   *
   * @throws Error with the server's message in full.
   */
  async apply(reference: ObjectReference, object: KubernetesObject, dryRun = false) {
    const force = metadataOf(object).annotations?.[forceAnnotation] === "true";
    try {
      const answer = await this.client.request<KubernetesObject>({
        method: "PATCH",
        path: await this.path(reference),
        query: {
          fieldManager,
          force: String(force),
          fieldValidation: "Strict",
          ...(dryRun ? { dryRun: "All" } : {}),
        },
        contentType: "application/apply-patch+yaml",
        body: object,
      });
      return { live: answer.body, created: answer.code === 201 };
    } catch (error) {
      throw describe(reference, error);
    }
  }

  /** Deletes the object and waits until it is gone; one that is gone already is fine. */
  async delete(reference: ObjectReference, finish: (live: KubernetesObject) => Promise<void>): Promise<void> {
    const path = await this.path(reference);
    try {
      await this.client.request({ method: "DELETE", path, query: { propagationPolicy: "Background" } });
    } catch (error) {
      if (error instanceof ApiError && error.code === 404) return;
      throw describe(reference, error);
    }
    const deadline = Date.now() + deletionMilliseconds;
    for (;;) {
      const live = await this.get(reference);
      // Without a deletion time it is a new object of the same name.
      if (!live || live.metadata.deletionTimestamp === undefined) return;
      if (Date.now() > deadline) throw stillThere(reference, live);
      await finish(live);
      await sleep(pollMilliseconds);
    }
  }

  private async path(reference: ObjectReference): Promise<string> {
    const { plural } = await this.discovery.find(reference);
    const place =
      reference.namespace === undefined ? "" : `/namespaces/${encodeURIComponent(reference.namespace)}`;
    return `${apiRoot(reference.apiVersion)}${place}/${plural}/${encodeURIComponent(reference.name)}`;
  }
}

/** `namespace/name`, or the name alone for objects of the whole cluster. */
export function objectId({ namespace, name }: ObjectReference): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

/** True when the server refused a change because the field cannot be changed. */
export function isImmutableField(error: unknown): error is Error {
  const cause = error instanceof Error ? error.cause : undefined;
  if (!(cause instanceof ApiError) || cause.code !== 422) return false;
  return /immutable|may not be changed|are forbidden|is forbidden: (only|updates)/i.test(cause.message);
}

function describe(reference: ObjectReference, error: unknown): Error {
  if (!(error instanceof ApiError)) return error as Error;
  const subject = `${reference.kind} ${objectId(reference)}`;
  const wayOut =
    error.code === 409 &&
    error.status.details?.causes?.some(({ reason }) => reason === "FieldManagerConflict")
      ? `. Leave the field out of the program if the other manager should own it, or set the annotation ` +
        `"${forceAnnotation}": "true" on the object to take it over.`
      : "";
  return new Error(`${subject}: the API server refused it: ${error.message}${wayOut}`, { cause: error });
}

function stillThere(reference: ObjectReference, live: KubernetesObject): Error {
  const finalizers = live.metadata.finalizers?.join(", ") || "none";
  return new Error(
    `${reference.kind} ${objectId(reference)} is still being deleted after ${deletionMilliseconds / 1000} s ` +
      `(finalizers: ${finalizers}). The controller that clears them may not run: ` +
      `start the sandbox with --controllers, or remove the finalizers.`,
  );
}
