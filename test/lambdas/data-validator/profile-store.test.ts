import { S3Client } from "@aws-sdk/client-s3";

import { ColumnType, DataContract } from "../../../components/contracts/data-contract";
import { addToProfile, profileLocation, readProfile } from "../../../lambdas/data-validator/profile-store";
import type { DeliverySummary } from "../../../lambdas/data-validator/stored-profile";
import { FakeServices } from "./fake-services";

const contract: DataContract = {
  dataset: "d",
  version: "1",
  columns: [{ name: "x", type: ColumnType.String }],
};
const location = profileLocation("curated", "d");
const client = new S3Client({ region: "eu-west-1" });
const delivery = (id: string): DeliverySummary => ({ id, at: "2026-01-01T00:00:00Z", rows: 1, columns: {} });
const add = (id: string): Promise<void> => addToProfile(client, location, contract, {}, delivery(id));
const kept = async (): Promise<string[]> =>
  ((await readProfile(client, location)).profile?.deliveries ?? []).map(({ id }) => id).sort();

test("deliveries at the same time are all in the profile, and each once", async () => {
  new FakeServices();
  await Promise.all(["a", "b", "c", "b"].map(add));
  expect(await kept()).toEqual(["a", "b", "c"]);
});

test.each(["NoSuchKey", "AccessDenied"])("there is no profile yet: %s", async (name) => {
  new FakeServices({
    GetObjectCommand: () => {
      throw Object.assign(new Error(name), { name });
    },
  });
  expect(await readProfile(client, location)).toEqual({});
});

test("a profile that may be written and not read is not overwritten", async () => {
  let writes = 0;
  new FakeServices({
    GetObjectCommand: () => {
      throw Object.assign(new Error("denied"), { name: "AccessDenied" });
    },
    PutObjectCommand: ({ IfNoneMatch }) => {
      writes++;
      throw Object.assign(new Error(`exists, ${IfNoneMatch as string}`), { name: "PreconditionFailed" });
    },
  });
  await expect(add("a")).rejects.toThrow("exists, *");
  expect(writes).toBe(10);
});
