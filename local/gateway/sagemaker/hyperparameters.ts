/** The hyperparameters that name the script rather than tune it start so. */
const reserved = "sagemaker_";

/** SageMaker's Python SDK writes every value as JSON; `"train.py"` in quotes and train.py without mean the same. */
export function plainValue(value: string): string {
  if (!value.startsWith('"')) return value;
  try {
    const parsed: unknown = JSON.parse(value);
    return typeof parsed === "string" ? parsed : value;
  } catch {
    return value;
  }
}

function typedValue(value: string): unknown {
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

/** The hyperparameters that the script sees, in the order of their names. */
export function scriptHyperparameters(all: Record<string, string>): Record<string, string> {
  const own = Object.entries(all).filter(([key]) => !key.startsWith(reserved));
  return Object.fromEntries(own.sort(([left], [right]) => (left < right ? -1 : 1)));
}

/** The hyperparameters as the script's arguments: `--key value`, or `-k value` for a single letter. */
export function scriptArguments(all: Record<string, string>): string[] {
  return Object.entries(scriptHyperparameters(all)).flatMap(([key, value]) => [
    key.length === 1 ? `-${key}` : `--${key}`,
    plainValue(value),
  ]);
}

/** The hyperparameters as the variables SM_HPS and SM_HP_<NAME>. */
export function hyperparameterEnvironment(all: Record<string, string>): Record<string, string> {
  const own = scriptHyperparameters(all);
  const single = Object.entries(own).map(([key, value]) => [
    `SM_HP_${key.toUpperCase().replace(/[^A-Z0-9_]/g, "_")}`,
    plainValue(value),
  ]);
  const typed = Object.fromEntries(Object.entries(own).map(([key, value]) => [key, typedValue(value)]));
  return { ...Object.fromEntries(single), SM_HPS: JSON.stringify(typed) };
}
