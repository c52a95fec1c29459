/** One prediction, whatever the runtime that made it: a line of JSON in the captures zone. */
export interface PredictionRecord {
  /** Model name. */
  model: string;
  /** Registry version that made the prediction. */
  version: string;
  /** Unique id of the request; late labels are joined by it. */
  requestId: string;
  /** Time of the prediction, ISO 8601 in UTC. */
  time: string;
  /** Feature values by name. */
  features: Record<string, number | string | boolean | null>;
  /** Predicted class or value. */
  prediction: number | string;
  /** Score behind the prediction, 0 to 1 for classifiers. */
  score?: number;
  /** Time that the model took, in milliseconds. */
  latencyMilliseconds?: number;
}
