import { one, type PolicyCases, resource, unknown, unrelated } from "../support/fixture";
import { machine, trainTask } from "../support/state-machines";

const job = (maxRuntimeInSeconds?: unknown) =>
  resource("aws:sagemaker/trainingJob:TrainingJob", "job", { stoppingCondition: { maxRuntimeInSeconds } });
const stopping = (StoppingCondition: object) => trainTask({ Parameters: { StoppingCondition } });
const tuning = (seconds: unknown) =>
  resource("aws:sagemaker/hyperParameterTuningJob:HyperParameterTuningJob", "tuning", {
    trainingJobDefinitions: [
      { stoppingCondition: { maxRuntimeInSeconds: 60 } },
      { stoppingCondition: { maxRuntimeInSeconds: seconds } },
    ],
  });

export const trainMaxRuntimeCases: PolicyCases = {
  passing: [
    one("is bounded", job(86_400)),
    one("is bounded in a state machine", machine({ Train: stopping({ MaxRuntimeInSeconds: 3600 }) })),
    one("is bounded in every tuning definition", tuning(60)),
    one("starts no job", machine({ Wait: { Type: "Wait", Seconds: 1, End: true } })),
    one("has a raised limit", job(200_000), { config: { maximumSeconds: { prod: 200_000 } } }),
  ],
  failing: [
    { ...one("has no limit", job()), violations: [["job", "runs without a time limit"]] },
    { ...one("runs too long", job(86_401)), violations: [["job", "up to 86401 seconds"]] },
    { ...one("runs too long for dev", job(86_400), { stack: "dev" }), violations: [["job", "in dev"]] },
    {
      ...one("has no limit in a state machine", machine({ Train: stopping({}) })),
      violations: [["training", 'in the Task "Train" without a time limit']],
    },
    {
      ...one(
        "takes the limit from the execution",
        machine({ Train: stopping({ "MaxRuntimeInSeconds.$": "$.limit" }) }),
      ),
      violations: [["training", "read from the execution"]],
    },
    {
      ...one(
        "has no limit on processing in JSONata",
        machine({
          Evaluate: trainTask({
            Resource: "arn:aws:states:::sagemaker:createProcessingJob.sync",
            Parameters: undefined,
            Arguments: { StoppingCondition: { MaxRuntimeInSeconds: 900_000 } },
          }),
        }),
      ),
      violations: [["training", "up to 900000 seconds"]],
    },
    {
      ...one("forgets one tuning definition", tuning(undefined)),
      violations: [["tuning", "definition 2 without"]],
    },
  ],
  unknown: [
    { ...one("is not known", job(unknown)), undecided: ["runs"] },
    { ...one("is not known in one definition", tuning(unknown)), undecided: ["definition 2"] },
  ],
  notApplicable: [one("is no job", unrelated)],
};
