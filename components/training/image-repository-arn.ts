const imagePattern = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.[a-z.]+\/([^:@]+)(?:[:@].+)?$/;

/**
 * ARN of the ECR repository of an image.
 * @throws Error when the image is not in ECR; SageMaker takes no other
 */
export function imageRepositoryArn(image: string, partition: string): string {
  const match = imagePattern.exec(image);
  if (match === null) {
    throw new Error(
      `trainingImage: "${image}" was given; SageMaker needs an image in ECR such as 123456789012.dkr.ecr.eu-west-1.amazonaws.com/training@sha256:…`,
    );
  }
  const [, account, region, repository] = match;
  return `arn:${partition}:ecr:${region}:${account}:repository/${repository}`;
}
