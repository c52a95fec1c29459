import { flagAt, isGiven } from "../shared/read";
import { sagemaker } from "../shared/resource-types";
import { resourcePolicy } from "../shared/resource-policy";

export const fgEncrypted = resourcePolicy({
  id: "fg-encrypted",
  description: "Feature groups encrypt their offline and online store with a KMS key of the account.",
  severity: "high",
  pillar: "security",
  sources: ["AISF-INFRA-05", "GDPR Art. 32"],
  url: "https://docs.aws.amazon.com/sagemaker/latest/dg/feature-store-security.html",
  remediationSteps:
    "Set offlineStoreConfig.s3StorageConfig.kmsKeyId and, where the online store is on, onlineStoreConfig.securityConfig.kmsKeyId. Both are fixed when the group is created.",
  types: [sagemaker.featureGroup],
  check: ({ props, report, part }) => {
    part("offline store", () => {
      if (!isGiven(props, "offlineStoreConfig")) return;
      if (isGiven(props, "offlineStoreConfig", "s3StorageConfig", "kmsKeyId")) return;
      report({
        found: "has an offline store without a KMS key",
        required: "features at rest must be encrypted with a key of the account",
        wayOut: "set offlineStoreConfig.s3StorageConfig.kmsKeyId",
      });
    });
    part("online store", () => {
      if (flagAt(props, "onlineStoreConfig", "enableOnlineStore") !== true) return;
      if (isGiven(props, "onlineStoreConfig", "securityConfig", "kmsKeyId")) return;
      report({
        found: "has an online store without a KMS key",
        required: "features that are served must be encrypted with a key of the account",
        wayOut: "set onlineStoreConfig.securityConfig.kmsKeyId",
      });
    });
  },
});
