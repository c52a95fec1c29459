import { textAt } from "../shared/read";
import { ecrRepository } from "../shared/resource-types";
import { resourcePolicy } from "../shared/resource-policy";
import { securityBestPractice } from "../shared/standards";

const immutable = ["IMMUTABLE", "IMMUTABLE_WITH_EXCLUSION"];

export const ecrImmutable = resourcePolicy({
  id: "ecr-immutable",
  description: "Image tags of a repository cannot be moved to another image.",
  severity: "high",
  pillar: "security",
  framework: securityBestPractice(
    "ECR.2",
    "ECR private repositories should have tag immutability configured",
  ),
  sources: ["CKV_AWS_51"],
  url: "https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html",
  remediationSteps: "Set imageTagMutability to IMMUTABLE and push every build under a tag of its own.",
  types: [ecrRepository],
  check: ({ props, report }) => {
    const mutability = textAt(props, "imageTagMutability") ?? "MUTABLE";
    if (immutable.includes(mutability)) return;
    report({
      found: `has ${mutability} tags`,
      required: "a tag must always mean the same image",
      wayOut: "set imageTagMutability to IMMUTABLE",
    });
  },
});
