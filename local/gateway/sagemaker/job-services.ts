import type { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import type { S3Client } from "@aws-sdk/client-s3";

import type { EventPublisher } from "../events";
import type { JobSurroundings } from "./job-environment";

/** What jobs need from the rest of the gateway. */
export interface JobServices extends JobSurroundings {
  s3: S3Client;
  logs: CloudWatchLogsClient;
  events: EventPublisher;
  accountId: string;
  /** Milliseconds between SIGTERM and SIGKILL. */
  stopGraceMilliseconds: number;
}
