import { costTagsCases } from "./governance/cost-tags.cases";
import { iamNoStarCases } from "./identity/iam-no-star.cases";
import { iamTrustCases } from "./identity/iam-trust.cases";
import { hpaHaCases } from "./kubernetes/hpa-ha.cases";
import { netpolCases } from "./kubernetes/netpol.cases";
import { pssRestrictedCases } from "./kubernetes/pss-restricted.cases";
import { requestsLimitsCases } from "./kubernetes/requests-limits.cases";
import { alarmLiveCases } from "./observability/alarm-live.cases";
import { dlqAlarmCases } from "./observability/dlq-alarm.cases";
import { lambdaLogGroupCases } from "./observability/lambda-log-group.cases";
import { logRetentionCases } from "./observability/log-retention.cases";
import { aslBoundedCases } from "./orchestration/asl-bounded.cases";
import { eventTargetDlqCases } from "./orchestration/event-target-dlq.cases";
import { ecrImmutableCases } from "./registry/ecr-immutable.cases";
import { ecrScanCases } from "./registry/ecr-scan.cases";
import { fgEncryptedCases } from "./registry/fg-encrypted.cases";
import { kmsRotationCases } from "./storage/kms-rotation.cases";
import { s3BlockPublicCases } from "./storage/s3-block-public.cases";
import { s3KmsCmkCases } from "./storage/s3-kms-cmk.cases";
import { s3TlsOnlyCases } from "./storage/s3-tls-only.cases";
import { s3VersionedCases } from "./storage/s3-versioned.cases";
import { statefulProtectCases } from "./storage/stateful-protect.cases";
import type { PolicyCases } from "./support/fixture";
import { imageByDigestCases } from "./training/image-by-digest.cases";
import { promotionGateCases } from "./training/promotion-gate.cases";
import { trainMaxRuntimeCases } from "./training/train-max-runtime.cases";

/** The cases of every policy, by the policy's id. */
export const casesByPolicy: Record<string, PolicyCases> = {
  "s3-kms-cmk": s3KmsCmkCases,
  "s3-block-public": s3BlockPublicCases,
  "s3-tls-only": s3TlsOnlyCases,
  "s3-versioned": s3VersionedCases,
  "stateful-protect": statefulProtectCases,
  "kms-rotation": kmsRotationCases,
  "ecr-immutable": ecrImmutableCases,
  "ecr-scan": ecrScanCases,
  "fg-encrypted": fgEncryptedCases,
  "image-by-digest": imageByDigestCases,
  "train-max-runtime": trainMaxRuntimeCases,
  "promotion-gate": promotionGateCases,
  "asl-bounded": aslBoundedCases,
  "event-target-dlq": eventTargetDlqCases,
  "dlq-alarm": dlqAlarmCases,
  "alarm-live": alarmLiveCases,
  "log-retention": logRetentionCases,
  "lambda-log-group": lambdaLogGroupCases,
  "iam-no-star": iamNoStarCases,
  "iam-trust": iamTrustCases,
  "requests-limits": requestsLimitsCases,
  "hpa-ha": hpaHaCases,
  "pss-restricted": pssRestrictedCases,
  netpol: netpolCases,
  "cost-tags": costTagsCases,
};
