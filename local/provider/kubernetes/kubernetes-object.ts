import type { Values } from "../shared/service";

/** Metadata that this provider looks at; the rest is passed through. */
export interface Metadata extends Values {
  name?: string;
  namespace?: string;
  annotations?: Record<string, string>;
  finalizers?: string[];
  deletionTimestamp?: string;
  managedFields?: ManagedFields[];
  uid?: string;
}

/** Which manager set which fields of an object. */
export interface ManagedFields {
  manager?: string;
  operation?: string;
  subresource?: string;
  fieldsV1?: FieldSet;
}

/** The API's FieldsV1: `f:<name>` for fields, `k:<json>` and `v:<json>` for list items, `.` for the thing itself. */
export interface FieldSet {
  [key: string]: FieldSet;
}

export interface KubernetesObject extends Values {
  apiVersion: string;
  kind: string;
  metadata: Metadata;
}

/** The metadata of inputs or outputs, empty when there is none. */
export function metadataOf(values: Values | undefined): Metadata {
  return (values?.metadata as Metadata | undefined) ?? {};
}
