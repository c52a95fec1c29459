import { Logger } from "@aws-lambda-powertools/logger";
import { SageMakerClient } from "@aws-sdk/client-sagemaker";
import type { Context } from "aws-lambda";

import { UpdateAnswer, updateGroup } from "./update-group";

const logger = new Logger();
const sageMaker = new SageMakerClient({});

/**
 * Adds the features that a feature group lacks. Called by a deployment when the declaration of the group changes.
 * @throws Error for a change that takes a feature away or gives it another type
 */
export async function handler(event: unknown, context: Context): Promise<UpdateAnswer> {
  logger.addContext(context);
  const answer = await updateGroup(sageMaker, event);
  logger.info("The feature group has every feature", { answer });
  return answer;
}
