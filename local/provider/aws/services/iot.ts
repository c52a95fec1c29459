import type { ResourceHandler } from "../framework/types";
import { policy } from "./iot/policy";
import { topicRule } from "./iot/topic-rule";
import { recorded } from "./support/recorded";

export const resources: ResourceHandler[] = [
  policy,
  topicRule,
  recorded("aws:iot/loggingOptions:LoggingOptions", "the emulator writes no log of IoT", async () => ({})),
];
