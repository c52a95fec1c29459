import { isGiven, listAt, numberAt, valueAt } from "../shared/read";
import { sagemaker, stateMachine } from "../shared/resource-types";
import { type ResourceCheck, resourcePolicy } from "../shared/resource-policy";
import { perEnvironment } from "../shared/settings";
import { wellArchitected } from "../shared/standards";
import { argumentsOf, definitionOf, sagemakerAction, statesOf } from "../shared/state-machine";

/** One job that would run, and where its limit stands. */
interface Job {
  label: string;
  stoppingCondition: () => unknown;
  limit: string;
}

const limit = "maxRuntimeInSeconds";

function jobsInStateMachine(props: Record<string, unknown>): Job[] {
  return statesOf(definitionOf(props)).flatMap((state) => {
    const action = sagemakerAction(state);
    if (!["createTrainingJob", "createProcessingJob", "createHyperParameterTuningJob"].includes(action ?? ""))
      return [];
    const holder = action === "createHyperParameterTuningJob" ? ["TrainingJobDefinition"] : [];
    return [
      {
        label: `starts a job in the Task "${state.path}"`,
        stoppingCondition: () => valueAt(argumentsOf(state), ...holder, "StoppingCondition"),
        limit: "MaxRuntimeInSeconds",
      },
    ];
  });
}

function jobsOf({ type, props }: ResourceCheck): Job[] {
  if (type === stateMachine) return jobsInStateMachine(props);
  if (type !== sagemaker.tuningJob) {
    return [{ label: "runs", stoppingCondition: () => valueAt(props, "stoppingCondition"), limit }];
  }
  const definitions = [...listAt(props, "trainingJobDefinition"), ...listAt(props, "trainingJobDefinitions")];
  return definitions.map((definition, index) => ({
    label: `runs the training job definition ${index + 1}`,
    stoppingCondition: () => valueAt(definition, "stoppingCondition"),
    limit,
  }));
}

export const trainMaxRuntime = resourcePolicy({
  id: "train-max-runtime",
  description:
    "Training, tuning and processing jobs have a time limit, also those that a state machine starts.",
  severity: "high",
  pillar: "cost",
  framework: wellArchitected("COST02-BP05", "Implement cost controls"),
  sources: [],
  url: "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_StoppingCondition.html",
  remediationSteps:
    "Set MaxRuntimeInSeconds in the job's stopping condition to a number within the limit, or raise the limit of the environment in this policy's config.",
  config: {
    maximumSeconds: perEnvironment(
      { type: "integer", minimum: 1, description: "Longest time that a job may ask for, in seconds" },
      { local: 3600, dev: 14_400, staging: 43_200, prod: 86_400 },
    ),
  },
  types: [sagemaker.trainingJob, sagemaker.tuningJob, sagemaker.dataQualityJob, stateMachine],
  check: (resource) => {
    const { settings, report, part } = resource;
    const maximum = settings.here<number>("maximumSeconds");
    const required = `in ${settings.environment} a job must end within ${maximum} seconds`;
    for (const job of jobsOf(resource)) {
      part(job.label, () => {
        const condition = job.stoppingCondition();
        const seconds = numberAt(condition, job.limit);
        const wayOut = `set ${job.limit} in its stopping condition to ${maximum} or less`;
        if (seconds === undefined) {
          const dynamic = isGiven(condition, `${job.limit}.$`) || isGiven(condition, job.limit);
          const found = dynamic
            ? `${job.label} whose time limit is read from the execution`
            : `${job.label} without a time limit`;
          report({ found, required, wayOut });
        } else if (seconds > maximum) {
          report({ found: `${job.label} for up to ${seconds} seconds`, required, wayOut });
        }
      });
    }
  },
});
