import { flagAt, isUnknownValueError, textAt } from "../shared/read";
import { kmsKey } from "../shared/resource-types";
import { resourcePolicy } from "../shared/resource-policy";
import { securityBestPractice } from "../shared/standards";

/** Rotation exists for symmetric encryption keys only. */
function canRotate(props: Record<string, unknown>): boolean {
  const spec = textAt(props, "customerMasterKeySpec") ?? "SYMMETRIC_DEFAULT";
  return (
    spec === "SYMMETRIC_DEFAULT" && (textAt(props, "keyUsage") ?? "ENCRYPT_DECRYPT") === "ENCRYPT_DECRYPT"
  );
}

export const kmsRotation = resourcePolicy({
  id: "kms-rotation",
  description: "Symmetric KMS keys rotate every year.",
  severity: "high",
  pillar: "security",
  framework: securityBestPractice("KMS.4", "AWS KMS key rotation should be enabled"),
  sources: ["CKV_AWS_7", "GDPR Art. 25", "HIPAA 164.312(a)(2)(iv)"],
  url: "https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html",
  remediationSteps:
    "Set enableKeyRotation to true; at the enforcement level `remediate` the policy sets it. Data stays readable: KMS keeps the old key material.",
  types: [kmsKey],
  check: ({ props, report }) => {
    if (!canRotate(props) || flagAt(props, "enableKeyRotation") === true) return;
    report({
      found: "does not rotate",
      required: "a symmetric key must rotate its material",
      wayOut: "set enableKeyRotation to true",
    });
  },
  remediate: (props) => {
    try {
      if (!canRotate(props) || flagAt(props, "enableKeyRotation") === true) return undefined;
    } catch (error) {
      // What preview cannot know is left alone; the validation says so.
      if (isUnknownValueError(error)) return undefined;
      throw error;
    }
    return Object.assign(props, { enableKeyRotation: true });
  },
});
