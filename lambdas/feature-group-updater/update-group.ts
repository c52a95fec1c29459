import { setTimeout as pause } from "node:timers/promises";

import {
  DescribeFeatureGroupCommand,
  DescribeFeatureGroupCommandOutput,
  FeatureDefinition,
  SageMakerClient,
  UpdateFeatureGroupCommand,
} from "@aws-sdk/client-sagemaker";
import { z } from "zod";

import { FeatureType, NamedType, removedOrRetyped } from "../../components/contracts/feature-definition";

const declarationSchema = z.object({
  featureGroupName: z.string().min(1),
  features: z.array(z.object({ name: z.string().min(1), type: z.enum(FeatureType) })).min(1),
});

const requestSchema = declarationSchema.extend({
  /** What happens to the deployment's resource; Pulumi's provider fills it in. */
  tf: z
    .object({ action: z.enum(["create", "update", "delete"]), prev_input: declarationSchema.nullish() })
    .optional(),
});

/** What a call did. */
export interface UpdateAnswer {
  featureGroupName: string;
  /** Names of the features that were added. */
  added: string[];
}

/** SageMaker takes at most 100 additions in a call. */
const mostAdditions = 100;

/**
 * Adds the features that a group lacks, and waits until they are there.
 * @param event - `{ featureGroupName, features, tf? }`
 * @throws Error that names every feature which a change would take away or give another type
 */
export async function updateGroup(
  sageMaker: SageMakerClient,
  event: unknown,
  pauseMilliseconds = 1000,
): Promise<UpdateAnswer> {
  const { featureGroupName, features, tf } = requestSchema.parse(event);
  // The group outlives the declaration or goes by itself; either way there is nothing to add.
  if (tf?.action === "delete") return { featureGroupName, added: [] };
  const live = await untilReady(sageMaker, featureGroupName, pauseMilliseconds, false);
  const before = tf?.prev_input?.featureGroupName === featureGroupName ? tf.prev_input.features : [];
  refuse([...before, ...declaredLive(live, features)], features);
  const known = (live.FeatureDefinitions ?? []).map(({ FeatureName }) => FeatureName);
  const missing = features.filter(({ name }) => !known.includes(name));
  for (let from = 0; from < missing.length; from += mostAdditions) {
    const additions = missing
      .slice(from, from + mostAdditions)
      .map(({ name, type }): FeatureDefinition => ({ FeatureName: name, FeatureType: type }));
    await sageMaker.send(
      new UpdateFeatureGroupCommand({ FeatureGroupName: featureGroupName, FeatureAdditions: additions }),
    );
    await untilReady(sageMaker, featureGroupName, pauseMilliseconds, true);
  }
  return { featureGroupName, added: missing.map(({ name }) => name) };
}

/** Features of the live group that are declared too: one that somebody added by hand is not ours to judge. */
function declaredLive(live: DescribeFeatureGroupCommandOutput, features: NamedType[]): NamedType[] {
  return (live.FeatureDefinitions ?? [])
    .map(({ FeatureName = "", FeatureType: type = "" }) => ({ name: FeatureName, type }))
    .filter(({ name }) => features.some((feature) => feature.name === name));
}

function refuse(before: NamedType[], after: NamedType[]): void {
  const faults = [...new Set(removedOrRetyped(before, after))];
  if (faults.length > 0) throw new Error(faults.join(" "));
}

/**
 * Waits until the group is neither being made nor being changed; the function's time limit ends it.
 * @param afterUpdate whether a failed update is the one just made: its failure stays on the group until an update succeeds
 */
async function untilReady(
  sageMaker: SageMakerClient,
  name: string,
  pauseMilliseconds: number,
  afterUpdate: boolean,
): Promise<DescribeFeatureGroupCommandOutput> {
  for (;;) {
    const group = await sageMaker.send(new DescribeFeatureGroupCommand({ FeatureGroupName: name }));
    const { FeatureGroupStatus: status, LastUpdateStatus: update } = group;
    if (status === "CreateFailed" || (afterUpdate && update?.Status === "Failed")) {
      const reason = update?.FailureReason ?? group.FailureReason ?? "no reason was given";
      throw new Error(`The feature group ${name} could not be changed: ${reason}`);
    }
    if (status !== "Creating" && update?.Status !== "InProgress") return group;
    await pause(pauseMilliseconds);
  }
}
