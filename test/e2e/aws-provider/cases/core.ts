import type { ServiceCase } from "../service-case";
import { configuration } from "./configuration";
import { iam, kms } from "./identity";
import { logs } from "./logs";
import { network } from "./network";
import { s3 } from "./s3";

/** Storage, identity, network and the other services that everything else builds on. */
export const coreCases: ServiceCase[] = [s3, kms, iam, configuration, logs, network];
