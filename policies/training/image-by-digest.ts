import { listAt, textAt } from "../shared/read";
import { kubernetes, lambdaFunction, sagemaker, stateMachine } from "../shared/resource-types";
import { type ResourceCheck, resourcePolicy } from "../shared/resource-policy";
import { wellArchitected } from "../shared/standards";
import { argumentsOf, definitionOf, sagemakerAction, statesOf } from "../shared/state-machine";
import { containersOf } from "../shared/workload";

/** Where an image stands, and how to read it; reading is put off so that an unknown image hides no other. */
interface ImagePlace {
  place: string;
  read: () => string | undefined;
}

const imagesByTask: Record<string, string[]> = {
  createTrainingJob: ["AlgorithmSpecification", "TrainingImage"],
  createProcessingJob: ["AppSpecification", "ImageUri"],
  createModel: ["PrimaryContainer", "Image"],
};

function imagesInStateMachine(props: Record<string, unknown>): ImagePlace[] {
  return statesOf(definitionOf(props)).flatMap((state) => {
    const action = sagemakerAction(state) ?? "";
    const path = Object.hasOwn(imagesByTask, action) ? imagesByTask[action] : undefined;
    return path === undefined
      ? []
      : [{ place: `the Task "${state.path}"`, read: () => textAt(argumentsOf(state), ...path) }];
  });
}

function imagesInModel(props: Record<string, unknown>): ImagePlace[] {
  const containers = [...listAt(props, "primaryContainer"), ...listAt(props, "containers")];
  return containers.map((container, index) => ({
    place: `container ${index + 1}`,
    read: () => textAt(container, "image"),
  }));
}

function imagesOf({ type, props }: ResourceCheck): ImagePlace[] {
  switch (type) {
    case stateMachine:
      return imagesInStateMachine(props);
    case sagemaker.model:
      return imagesInModel(props);
    case sagemaker.trainingJob:
      return [
        { place: "its algorithm", read: () => textAt(props, "algorithmSpecification", "trainingImage") },
      ];
    case lambdaFunction:
      return [{ place: "its code", read: () => textAt(props, "imageUri") }];
    default:
      return containersOf(type, props).map((container) => ({
        place: `the container "${container.name}"`,
        read: () => textAt(container.body, "image"),
      }));
  }
}

/** A value that a state machine fills in at run time: a path, an intrinsic function or a JSONata expression. */
function isExpression(image: string): boolean {
  return image.startsWith("{%") || image.startsWith("$");
}

export const imageByDigest = resourcePolicy({
  id: "image-by-digest",
  description: "Container images are named by their digest, so that what was tested is what runs.",
  severity: "high",
  pillar: "security",
  levels: { local: "advisory", dev: "advisory", staging: "advisory" },
  framework: wellArchitected("SEC06-BP04", "Validate software integrity"),
  sources: ["CKV_K8S_43"],
  url: "https://docs.aws.amazon.com/AmazonECR/latest/userguide/docker-pull-ecr-image.html",
  remediationSteps:
    "Replace the tag by `@sha256:` and the digest, for example from `aws ecr describe-images` or from the output of the image build.",
  types: [sagemaker.model, sagemaker.trainingJob, lambdaFunction, stateMachine, ...kubernetes.workloads],
  check: (resource) => {
    for (const { place, read } of imagesOf(resource)) {
      resource.part(place, () => {
        const image = read();
        if (image === undefined || isExpression(image) || /@sha256:[0-9a-f]{64}$/.test(image)) return;
        resource.report({
          found: `runs the image ${image} in ${place}`,
          required: "an image must be named by its digest",
          wayOut: "name it as <repository>@sha256:<digest>",
        });
      });
    }
  },
});
