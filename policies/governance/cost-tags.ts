import { isGiven, isUnknownValueError, parsed, valueAt } from "../shared/read";
import {
  dynamoTable,
  ecrRepository,
  eksCluster,
  kmsKey,
  lambdaFunction,
  logGroup,
  queue,
  s3,
  sagemaker,
  stateMachine,
} from "../shared/resource-types";
import { type ResourceCheck, resourcePolicy } from "../shared/resource-policy";
import { wellArchitected } from "../shared/standards";

/** Default tags of the provider; providers receive structured inputs as JSON. */
function providerTags(providerProps: Record<string, unknown>): unknown {
  return valueAt(parsed(valueAt(providerProps, "defaultTags")), "tags");
}

/** Whether a tag is set somewhere, and whether that could not be told because all tags of a place are unknown. */
function lookUp({ props, providerProps }: ResourceCheck, tag: string): { isSet: boolean; unknown?: Error } {
  const places = [
    () => valueAt(props, "tags"),
    () => valueAt(props, "tagsAll"),
    () => providerTags(providerProps),
  ];
  let unknown: Error | undefined;
  for (const place of places) {
    try {
      if (isGiven(place(), tag)) return { isSet: true };
    } catch (error) {
      if (!isUnknownValueError(error)) throw error;
      unknown = error;
    }
  }
  return unknown === undefined ? { isSet: false } : { isSet: false, unknown };
}

export const costTags = resourcePolicy({
  id: "cost-tags",
  description: "What costs money says who owns it, where it runs and who pays.",
  severity: "medium",
  pillar: "cost",
  levels: { local: "advisory", dev: "advisory" },
  framework: wellArchitected("COST03-BP02", "Add organization information to cost and usage"),
  sources: [],
  url: "https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/cost-alloc-tags.html",
  remediationSteps:
    "Set the tags on the component or, for the whole stack, in defaultTags of the AWS provider.",
  config: {
    requiredTags: {
      type: "array",
      items: { type: "string", minLength: 1 },
      default: ["owner", "environment", "cost-center"],
      description: "Names of the tags that must be set.",
    },
  },
  types: [
    ...s3.buckets,
    kmsKey,
    dynamoTable,
    ecrRepository,
    eksCluster,
    lambdaFunction,
    logGroup,
    queue,
    stateMachine,
    sagemaker.trainingJob,
    sagemaker.model,
    sagemaker.featureGroup,
    sagemaker.modelPackageGroup,
    sagemaker.endpoint,
    sagemaker.endpointConfiguration,
    sagemaker.mlflowServer,
  ],
  check: (resource) => {
    const missing: string[] = [];
    for (const tag of resource.settings.get<string[]>("requiredTags")) {
      resource.part(`tag ${tag}`, () => {
        const { isSet, unknown } = lookUp(resource, tag);
        if (unknown !== undefined) throw unknown;
        if (!isSet) missing.push(tag);
      });
    }
    if (missing.length === 0) return;
    resource.report({
      found: `has no tag ${missing.join(", ")}`,
      required: "what costs money must be tagged for whom it is",
      wayOut: "set it in tags, or in defaultTags of the provider",
    });
  },
});
