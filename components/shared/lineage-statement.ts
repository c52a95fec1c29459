import * as pulumi from "@pulumi/pulumi";

import { lineageEventSource } from "../contracts/lineage-event";
import { arnPrefix } from "./arn";
import type { PolicyStatement } from "./service-role";

/** The right to put lineage events, and no others, on the default bus. */
export function lineageStatement(parent: pulumi.Resource): PolicyStatement {
  return {
    sid: "Lineage",
    actions: ["events:PutEvents"],
    resources: [pulumi.interpolate`${arnPrefix("events", parent)}:event-bus/default`],
    // One call may carry events of several sources, so the key has several values.
    conditions: { "ForAllValues:StringEquals": { "events:source": lineageEventSource } },
  };
}
