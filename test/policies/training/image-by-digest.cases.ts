import { one, type PolicyCases, resource, unknown, unrelated } from "../support/fixture";
import { machine, trainTask } from "../support/state-machines";

const pinned = `123456789012.dkr.ecr.us-east-1.amazonaws.com/server@sha256:${"a".repeat(64)}`;
const tagged = "123456789012.dkr.ecr.us-east-1.amazonaws.com/server:1.0";
const deployment = (...images: string[]) =>
  resource("kubernetes:apps/v1:Deployment", "server", {
    spec: {
      template: { spec: { containers: images.map((image, index) => ({ name: `c${index}`, image })) } },
    },
  });
const training = (TrainingImage: string) =>
  machine({ Train: trainTask({ Parameters: { AlgorithmSpecification: { TrainingImage } } }) });

export const imageByDigestCases: PolicyCases = {
  passing: [
    one("pins its pods", deployment(pinned)),
    one(
      "pins a model",
      resource("aws:sagemaker/model:Model", "model", { primaryContainer: { image: pinned } }),
    ),
    one("pins the training", training(pinned)),
    one("takes the image from the execution", training("$.image")),
    one(
      "is a function without an image",
      resource("aws:lambda/function:Function", "f", { handler: "index.handler" }),
    ),
  ],
  failing: [
    {
      ...one("tags one container", deployment(pinned, tagged)),
      violations: [["server", 'server:1.0 in the container "c1"']],
    },
    {
      ...one("has a digest that is cut off", deployment("server@sha256:aaaa")),
      violations: [["server", "sha256:aaaa"]],
    },
    {
      ...one(
        "tags the image of a scheduled job",
        resource("kubernetes:batch/v1:CronJob", "report", {
          spec: { jobTemplate: { spec: { template: { spec: { initContainers: [{ image: "busybox" }] } } } } },
        }),
      ),
      violations: [["report", 'busybox in the container "1"']],
    },
    {
      ...one(
        "tags the containers of a model",
        resource("aws:sagemaker/model:Model", "model", {
          containers: [{ image: pinned }, { image: tagged }],
        }),
      ),
      violations: [["model", "in container 2"]],
    },
    {
      ...one(
        "tags a training job",
        resource("aws:sagemaker/trainingJob:TrainingJob", "job", {
          algorithmSpecification: { trainingImage: tagged },
        }),
      ),
      violations: [["job", "in its algorithm"]],
    },
    { ...one("tags the training", training(tagged)), violations: [["training", 'in the Task "Train"']] },
    {
      ...one("tags a function", resource("aws:lambda/function:Function", "f", { imageUri: tagged })),
      violations: [["f", "in its code"]],
    },
  ],
  unknown: [
    {
      ...one("is not known", deployment(unknown, tagged)),
      undecided: ['container "c0"'],
      violations: [["server", 'container "c1"']],
    },
  ],
  notApplicable: [one("runs no image", unrelated)],
};
