import { one, type PolicyCases, resource, unknown, unrelated } from "../support/fixture";

const repository = (props: Record<string, unknown>) =>
  resource("aws:ecr/repository:Repository", "images", props);

export const ecrScanCases: PolicyCases = {
  passing: [
    one("scans", repository({ imageScanningConfiguration: { scanOnPush: true } })),
    one("is in a scanned registry", repository({}), { config: { enhancedScanning: true } }),
  ],
  failing: [
    { ...one("has no scanning", repository({})), violations: [["images", "does not scan"]] },
    {
      ...one("has it off", repository({ imageScanningConfiguration: { scanOnPush: false } })),
      violations: [["images", "does not scan"]],
    },
  ],
  unknown: [
    {
      ...one("is not known", repository({ imageScanningConfiguration: { scanOnPush: unknown } })),
      undecided: ["images"],
    },
  ],
  notApplicable: [one("is no repository", unrelated)],
};
