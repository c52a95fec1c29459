/**
 * Beginning of the names of a model's jobs. A job is called `<this>-<execution name>`; SageMaker allows 63
 * characters, and an execution without a name of its own has 36.
 */
export function jobNamePrefix(modelName: string): string {
  return modelName.slice(0, 26).replace(/-+$/, "");
}
