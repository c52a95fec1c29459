import { z } from "zod";

/** Environment variables of the model promoter. */
export const settingsSchema = z.object({
  /** Set by Lambda itself. */
  AWS_REGION: z.string().min(1),
  MODEL_NAME: z.string().min(1),
  MODEL_PACKAGE_GROUP: z.string().min(1),
  CHAMPION_PARAMETER: z.string().min(1),
  CLUSTER_NAME: z.string().min(1),
  NAMESPACE: z.string().min(1),
  DEPLOYMENT_NAME: z.string().min(1),
});

export type Settings = z.infer<typeof settingsSchema>;
