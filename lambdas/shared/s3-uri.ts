/** Bucket and key of an object or a prefix. */
export interface S3Location {
  bucket: string;
  key: string;
}

/**
 * Splits `s3://bucket/key`.
 * @throws Error when the text is no S3 URI
 */
export function parseS3Uri(uri: string): S3Location {
  const match = /^s3:\/\/([^/]+)\/(.*)$/s.exec(uri);
  if (match === null) throw new Error(`"${uri}" is not an S3 URI such as s3://bucket/key.`);
  const [, bucket = "", key = ""] = match;
  return { bucket, key };
}

/** Joins a bucket and a key to `s3://bucket/key`. */
export function s3Uri({ bucket, key }: S3Location): string {
  return `s3://${bucket}/${key}`;
}
