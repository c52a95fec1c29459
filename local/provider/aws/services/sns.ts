import type { ResourceHandler } from "../framework/types";
import { topicSubscription } from "./sns/subscription";
import { topic } from "./sns/topic";
import { topicPolicy } from "./sns/topic-policy";

export const resources: ResourceHandler[] = [topic, topicPolicy, topicSubscription];
