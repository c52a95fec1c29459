import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";

import type { DataContract } from "../../components/contracts/data-contract";
import type { S3Location } from "../shared/s3-uri";
import { DeliverySummary, ProfileBins, StoredProfile, withDelivery } from "./stored-profile";

/** Tries to write a profile while others write it too. */
const mostTries = 10;
/** Answers of S3 to a condition that does not hold. */
const lostRace = new Set(["PreconditionFailed", "ConditionalRequestConflict"]);
/** A missing object is "denied" to whoever may not list the bucket. */
const missing = new Set(["NoSuchKey", "NotFound", "AccessDenied"]);

/** A profile and the state of its object. */
export interface ReadProfile {
  profile?: StoredProfile;
  etag?: string;
}

/** Where the profile of a data set lies. */
export function profileLocation(bucket: string, dataset: string): S3Location {
  return { bucket, key: `profiles/${dataset}.json` };
}

/** Reads a profile; none before the first accepted delivery. */
export async function readProfile(s3: S3Client, { bucket, key }: S3Location): Promise<ReadProfile> {
  try {
    const { Body, ETag } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    const text = (await Body?.transformToString("utf-8")) ?? "";
    return { profile: JSON.parse(text) as StoredProfile, etag: ETag };
  } catch (error) {
    if (missing.has((error as Error).name)) return {};
    throw error;
  }
}

/**
 * Adds a delivery to the profile. Two at the same time are both in it; the same one twice is in it once.
 * @throws Error when others were faster too often, and for every fault of S3
 */
export async function addToProfile(
  s3: S3Client,
  location: S3Location,
  contract: DataContract,
  bins: Readonly<Record<string, ProfileBins>>,
  delivery: DeliverySummary,
): Promise<void> {
  for (let tries = 1; ; tries++) {
    const { profile, etag } = await readProfile(s3, location);
    const body = JSON.stringify(withDelivery(profile, contract, bins, delivery));
    try {
      await s3.send(
        new PutObjectCommand({
          Bucket: location.bucket,
          Key: location.key,
          Body: body,
          ContentType: "application/json",
          ...(etag === undefined ? { IfNoneMatch: "*" } : { IfMatch: etag }),
        }),
      );
      return;
    } catch (error) {
      if (!lostRace.has((error as Error).name) || tries === mostTries) throw error;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 50 * 2 ** Math.min(tries, 6)));
    }
  }
}
