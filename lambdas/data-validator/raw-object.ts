/** One version of an object in the raw zone. */
export interface RawObject {
  key: string;
  /** Version, where the bucket keeps versions. */
  versionId?: string;
  etag: string;
  /** Bytes. */
  size: number;
  /** When it arrived; ISO 8601. */
  arrivedAt: string;
}

/** A version by its id, and where the bucket keeps no versions by the hash of its content. */
export const identityOf = ({ key, versionId, etag }: RawObject): string =>
  JSON.stringify([key, versionId ?? etag]);
