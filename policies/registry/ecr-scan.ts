import { flagAt } from "../shared/read";
import { ecrRepository } from "../shared/resource-types";
import { resourcePolicy } from "../shared/resource-policy";
import { securityBestPractice } from "../shared/standards";

export const ecrScan = resourcePolicy({
  id: "ecr-scan",
  description: "Repositories scan every pushed image for known vulnerabilities.",
  severity: "medium",
  pillar: "security",
  framework: securityBestPractice("ECR.1", "ECR private repositories should have image scanning configured"),
  sources: ["CKV_AWS_163"],
  url: "https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning.html",
  remediationSteps:
    "Set imageScanningConfiguration.scanOnPush to true. Where the registry has enhanced scanning, set the config enhancedScanning of this policy.",
  config: {
    enhancedScanning: {
      type: "boolean",
      default: false,
      description:
        "Whether the whole registry is scanned by Amazon Inspector, which replaces scanning on push.",
    },
  },
  types: [ecrRepository],
  check: ({ props, settings, report }) => {
    if (settings.get<boolean>("enhancedScanning")) return;
    if (flagAt(props, "imageScanningConfiguration", "scanOnPush") === true) return;
    report({
      found: "does not scan images on push",
      required: "every pushed image must be scanned",
      wayOut: "set imageScanningConfiguration.scanOnPush to true",
    });
  },
});
