import type { ResourceHandler } from "../framework/types";
import { queue } from "./sqs/queue";
import { queueAttribute } from "./sqs/queue-attribute";

export const resources: ResourceHandler[] = [
  queue,
  queueAttribute("aws:sqs/queuePolicy:QueuePolicy", "policy", "Policy"),
  queueAttribute("aws:sqs/redrivePolicy:RedrivePolicy", "redrivePolicy", "RedrivePolicy"),
  queueAttribute("aws:sqs/redriveAllowPolicy:RedriveAllowPolicy", "redriveAllowPolicy", "RedriveAllowPolicy"),
];
