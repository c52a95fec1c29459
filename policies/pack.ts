import type { Policies } from "@pulumi/policy";

import { costTags } from "./governance/cost-tags";
import { iamNoStar } from "./identity/iam-no-star";
import { iamTrust } from "./identity/iam-trust";
import { hpaHa } from "./kubernetes/hpa-ha";
import { netpol } from "./kubernetes/netpol";
import { pssRestricted } from "./kubernetes/pss-restricted";
import { requestsLimits } from "./kubernetes/requests-limits";
import { alarmLive } from "./observability/alarm-live";
import { dlqAlarm } from "./observability/dlq-alarm";
import { lambdaLogGroup } from "./observability/lambda-log-group";
import { logRetention } from "./observability/log-retention";
import { aslBounded } from "./orchestration/asl-bounded";
import { eventTargetDlq } from "./orchestration/event-target-dlq";
import { ecrImmutable } from "./registry/ecr-immutable";
import { ecrScan } from "./registry/ecr-scan";
import { fgEncrypted } from "./registry/fg-encrypted";
import { levelIn, type PolicyDefinition } from "./shared/definition";
import type { Environment } from "./shared/environment";
import { kmsRotation } from "./storage/kms-rotation";
import { s3BlockPublic } from "./storage/s3-block-public";
import { s3KmsCmk } from "./storage/s3-kms-cmk";
import { s3TlsOnly } from "./storage/s3-tls-only";
import { s3Versioned } from "./storage/s3-versioned";
import { statefulProtect } from "./storage/stateful-protect";
import { imageByDigest } from "./training/image-by-digest";
import { promotionGate } from "./training/promotion-gate";
import { trainMaxRuntime } from "./training/train-max-runtime";

export const packName = "pulumi-mlops";

/** Every policy of the pack. */
export const definitions: readonly PolicyDefinition[] = [
  s3KmsCmk,
  s3BlockPublic,
  s3TlsOnly,
  s3Versioned,
  statefulProtect,
  kmsRotation,
  ecrImmutable,
  ecrScan,
  fgEncrypted,
  imageByDigest,
  trainMaxRuntime,
  promotionGate,
  aslBounded,
  eventTargetDlq,
  dlqAlarm,
  alarmLive,
  logRetention,
  lambdaLogGroup,
  iamNoStar,
  iamTrust,
  requestsLimits,
  hpaHa,
  pssRestricted,
  netpol,
  costTags,
];

/** The policies as the engine takes them, each at its level for the environment. */
export function policiesFor(environment: Environment): Policies {
  return definitions.map(({ details, policy }) => ({
    ...policy,
    enforcementLevel: levelIn(details, environment),
  }));
}

/** The content of a `--policy-pack-config` file that states environment and level of every policy. */
export function configFor(
  environment: Environment,
): Record<string, { enforcementLevel: string; environment: string }> {
  return Object.fromEntries(
    definitions.map(({ details }) => [
      details.id,
      { enforcementLevel: levelIn(details, environment), environment },
    ]),
  );
}
