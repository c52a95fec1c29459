import { z } from "zod";

/** Environment variables of the model evaluator. */
export const settingsSchema = z.object({
  /** SSM parameter of the champion. */
  CHAMPION_PARAMETER: z.string().min(1),
  GATE_METRIC: z.string().min(1),
  GATE_THRESHOLD: z.coerce.number(),
  GATE_MAXIMUM_REGRESSION: z.coerce.number().min(0),
});
