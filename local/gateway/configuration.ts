import * as path from "node:path";

import { z } from "zod";

/** Everything that the gateway is told from outside. */
export interface GatewayConfiguration {
  /** Port on 127.0.0.1 that the gateway listens on; 0 lets the system choose one. */
  port: number;
  /** URL of MiniStack, which carries most services. */
  ministackUrl: string;
  /** URL of moto's server, which carries whole services that MiniStack lacks. */
  motoUrl: string;
  /** Folder for jobs and task tokens. */
  root: string;
  /** Python interpreter that runs training and processing scripts. */
  python: string;
  /** AWS region of everything. */
  region: string;
  /** AWS account id of everything. */
  accountId: string;
  /** URL of the Kubernetes API server that stands behind every EKS cluster. */
  kubernetesUrl?: string;
  /** PEM file with the certificate authority of that API server. */
  kubernetesCaFile?: string;
  /** Milliseconds between two evaluations of all alarms. */
  alarmIntervalMilliseconds: number;
  /** Milliseconds between two looks at running state machine executions. */
  taskIntervalMilliseconds: number;
  /** Milliseconds that a stopped job gets between SIGTERM and SIGKILL. */
  stopGraceMilliseconds: number;
}

const port = z.coerce.number().int().min(0).max(65535);
const milliseconds = z.coerce.number().int().min(50);

const environmentSchema = z.object({
  GATEWAY_PORT: port,
  MINISTACK_URL: z.url(),
  MOTO_URL: z.url(),
  SANDBOX_ROOT: z.string().min(1),
  PYTHON: z.string().min(1),
  AWS_REGION: z.string().min(1).default("us-east-1"),
  ACCOUNT_ID: z
    .string()
    .regex(/^\d{12}$/, "must be 12 digits")
    .default("123456789012"),
  KUBERNETES_URL: z.url().optional(),
  KUBERNETES_CA_FILE: z.string().min(1).optional(),
  ALARM_INTERVAL_MS: milliseconds.default(2000),
  TASK_INTERVAL_MS: milliseconds.default(500),
  STOP_GRACE_MS: milliseconds.default(10_000),
});

/** The configuration that an environment describes; every wrong variable is named in one error. */
export function readConfiguration(environment: NodeJS.ProcessEnv): GatewayConfiguration {
  const parsed = environmentSchema.safeParse(environment);
  if (!parsed.success) {
    throw new Error(`The gateway's environment is wrong.\n${z.prettifyError(parsed.error)}`);
  }
  const values = parsed.data;
  return {
    port: values.GATEWAY_PORT,
    ministackUrl: values.MINISTACK_URL,
    motoUrl: values.MOTO_URL,
    root: path.resolve(values.SANDBOX_ROOT),
    python: values.PYTHON,
    region: values.AWS_REGION,
    accountId: values.ACCOUNT_ID,
    kubernetesUrl: values.KUBERNETES_URL,
    kubernetesCaFile: values.KUBERNETES_CA_FILE,
    alarmIntervalMilliseconds: values.ALARM_INTERVAL_MS,
    taskIntervalMilliseconds: values.TASK_INTERVAL_MS,
    stopGraceMilliseconds: values.STOP_GRACE_MS,
  };
}
