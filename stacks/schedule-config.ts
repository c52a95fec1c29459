import { z } from "zod";

/** Schema of an EventBridge schedule. */
export const schedule = z
  .string()
  .regex(
    /^(rate|cron)\(.+\)$/,
    "must be an EventBridge schedule such as rate(1 hour) or cron(0 3 ? * SUN *)",
  );
