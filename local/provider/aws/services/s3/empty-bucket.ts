import {
  DeleteObjectsCommand,
  ListObjectVersionsCommand,
  type ObjectIdentifier,
  type S3Client,
} from "@aws-sdk/client-s3";

/** Which versions go. */
interface Selection {
  prefix?: string;
  only?: (key: string) => boolean;
  /** Also versions under a lock in governance mode. */
  bypassGovernance?: boolean;
}

/**
 * Deletes every object, version and delete marker of a bucket, as the official provider does for `forceDestroy`: also
 * versions locked in governance mode. Versions under a legal hold or a compliance lock stay and are named in the error.
 */
export async function emptyBucket(s3: S3Client, bucket: string): Promise<void> {
  await deleteVersions(s3, bucket, { bypassGovernance: true });
}

/** Deletes all selected versions and delete markers. */
export async function deleteVersions(s3: S3Client, bucket: string, selection: Selection): Promise<void> {
  let KeyMarker: string | undefined;
  let VersionIdMarker: string | undefined;
  do {
    const page = await s3.send(
      new ListObjectVersionsCommand({ Bucket: bucket, Prefix: selection.prefix, KeyMarker, VersionIdMarker }),
    );
    const objects = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])]
      .map(({ Key, VersionId }) => ({ Key: Key!, VersionId }))
      .filter(({ Key }) => selection.only?.(Key) ?? true);
    await deleteObjects(s3, bucket, objects, selection.bypassGovernance);
    KeyMarker = page.IsTruncated ? page.NextKeyMarker : undefined;
    VersionIdMarker = page.IsTruncated ? page.NextVersionIdMarker : undefined;
  } while (KeyMarker !== undefined);
}

async function deleteObjects(
  s3: S3Client,
  bucket: string,
  objects: ObjectIdentifier[],
  bypassGovernance?: boolean,
): Promise<void> {
  if (objects.length === 0) return;
  const { Errors = [] } = await s3.send(
    new DeleteObjectsCommand({
      Bucket: bucket,
      Delete: { Objects: objects, Quiet: true },
      BypassGovernanceRetention: bypassGovernance,
    }),
  );
  const first = Errors[0];
  if (!first) return;
  throw new Error(
    `${Errors.length} of the object versions in bucket ${bucket} may not be deleted, the first is ${first.Key} ` +
      `(${first.Code} – ${first.Message}); wait until the retention of its Object Lock ends, or lift the legal hold`,
  );
}
