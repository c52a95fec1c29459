import { one, type PolicyCases, resource, unknown, unrelated } from "../support/fixture";

const key = (props: Record<string, unknown>) => resource("aws:kms/key:Key", "key", props);

export const kmsRotationCases: PolicyCases = {
  passing: [
    one("rotates", key({ enableKeyRotation: true })),
    one("is asymmetric", key({ customerMasterKeySpec: "RSA_4096" })),
    one("makes codes", key({ keyUsage: "GENERATE_VERIFY_MAC" })),
  ],
  failing: [
    { ...one("does not say", key({})), violations: [["key", "does not rotate"]] },
    { ...one("says no", key({ enableKeyRotation: false })), violations: [["key", "does not rotate"]] },
  ],
  unknown: [{ ...one("is not known", key({ enableKeyRotation: unknown })), undecided: ["key"] }],
  notApplicable: [one("is no key", unrelated)],
};
