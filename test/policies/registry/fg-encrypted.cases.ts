import { one, type PolicyCases, resource, unknown, unrelated } from "../support/fixture";

const offline = (kmsKeyId?: string) => ({ s3StorageConfig: { s3Uri: "s3://features", kmsKeyId } });
const online = (kmsKeyId?: string) => ({ enableOnlineStore: true, securityConfig: { kmsKeyId } });
const group = (props: Record<string, unknown>) =>
  resource("aws:sagemaker/featureGroup:FeatureGroup", "flights", props);

export const fgEncryptedCases: PolicyCases = {
  passing: [
    one("encrypts both stores", group({ offlineStoreConfig: offline("k"), onlineStoreConfig: online("k") })),
    one("has the online store off", group({ onlineStoreConfig: { enableOnlineStore: false } })),
    one("takes a key that is not known yet", group({ offlineStoreConfig: offline(unknown) })),
  ],
  failing: [
    {
      ...one("has no keys", group({ offlineStoreConfig: offline(), onlineStoreConfig: online() })),
      violations: [
        ["flights", "offline store without"],
        ["flights", "online store without"],
      ],
    },
  ],
  unknown: [
    {
      ...one(
        "may have an online store",
        group({ offlineStoreConfig: offline(), onlineStoreConfig: { enableOnlineStore: unknown } }),
      ),
      undecided: ["online store"],
      violations: [["flights", "offline store without"]],
    },
  ],
  notApplicable: [one("is no feature group", unrelated)],
};
