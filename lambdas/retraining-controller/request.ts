import { z } from "zod";

import { RetrainingRequest, RetrainingTrigger } from "../../components/contracts/retraining";

/** A request, and whether there is data behind it. */
export interface ControllerRequest extends RetrainingRequest {
  /** False when an alarm went off because nothing was measured. */
  hasData: boolean;
}

const requestSchema = z.object({
  trigger: z.enum(RetrainingTrigger),
  idempotencyKey: z.string().min(1).max(256),
  reason: z.string().min(1),
}) satisfies z.ZodType<RetrainingRequest>;

const alarmSchema = z.object({
  source: z.literal("aws.cloudwatch"),
  "detail-type": z.literal("CloudWatch Alarm State Change"),
  detail: z.object({
    alarmName: z.string().min(1),
    state: z.object({
      value: z.string(),
      reason: z.string().default(""),
      reasonData: z.string().optional(),
      timestamp: z.string().min(1),
    }),
  }),
});

const reasonDataSchema = z.object({ recentDatapoints: z.array(z.number().nullable()).default([]) });

/** Whether an alarm saw a value. CloudWatch lists none, or nulls, when missing data was treated as breaching. */
function sawData(reasonData: string | undefined): boolean {
  if (reasonData === undefined) return false;
  try {
    const { recentDatapoints } = reasonDataSchema.parse(JSON.parse(reasonData));
    return recentDatapoints.some((value) => value !== null);
  } catch {
    return false;
  }
}

/**
 * Brings every trigger into one shape: an alarm's event, or a request of a schedule or a person.
 * @param alarmTrigger - what an alarm's event counts as
 * @throws Error that says which shapes are understood
 */
export function toRequest(event: unknown, alarmTrigger = RetrainingTrigger.Drift): ControllerRequest {
  const alarm = alarmSchema.safeParse(event);
  if (alarm.success) {
    const { alarmName, state } = alarm.data.detail;
    if (state.value !== "ALARM") {
      throw new Error(`The alarm ${alarmName} went to ${state.value}; only ALARM asks for a retraining.`);
    }
    return {
      trigger: alarmTrigger,
      // A transition is one request, however often its event is delivered.
      idempotencyKey: `${alarmName} ${state.timestamp}`,
      reason: state.reason || `The alarm ${alarmName} went off.`,
      hasData: sawData(state.reasonData),
    };
  }
  const request = requestSchema.safeParse(event);
  if (request.success) return { ...request.data, hasData: true };
  const faults = request.error.issues.map(({ path, message }) => `${path.join(".") || "event"}: ${message}`);
  throw new Error(
    `The event is neither an alarm's state change nor {"trigger", "idempotencyKey", "reason"}: ${faults.join("; ")}`,
  );
}
