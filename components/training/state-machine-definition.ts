import { evaluateState, jobStateTimeouts, trainState } from "./job-states";
import { catchAll, evaluationPrefix, retryOn, State, StateMachineSpec } from "./state-machine-parts";

const gateTimeoutSeconds = 300;
const shortTimeoutSeconds = 60;

/**
 * Definition of the training pipeline in the Amazon States Language:
 * Train → Evaluate → Gate → (passed?) → Register → NotifyRegistered, or NotifyRefused. Every failure is told and
 * ends the run as failed; a refusal is told and ends it well, because refusing is what the gate is for.
 */
export function stateMachineDefinition(spec: StateMachineSpec): State {
  return {
    Comment: `Trains, evaluates, gates and registers the model ${spec.modelName}.`,
    StartAt: "Train",
    TimeoutSeconds: jobStateTimeouts(spec).train + jobStateTimeouts(spec).evaluate + gateTimeoutSeconds * 4,
    States: {
      Train: trainState(spec),
      Evaluate: evaluateState(spec),
      Gate: gateState(spec),
      Passed: {
        Type: "Choice",
        Choices: [{ Variable: "$.gate.decision.passed", BooleanEquals: true, Next: "Register" }],
        Default: "NotifyRefused",
      },
      Register: registerState(spec),
      ...endings(spec),
    },
  };
}

function gateState(spec: StateMachineSpec): State {
  return {
    Type: "Task",
    Resource: "arn:aws:states:::lambda:invoke",
    Parameters: {
      FunctionName: spec.gateFunctionArn,
      Payload: {
        modelName: spec.modelName,
        "trainingJobName.$": "$.training.jobName",
        "executionName.$": "$$.Execution.Name",
        "modelDataUrl.$": "$.training.modelDataUrl",
        "evaluationPrefix.$": `States.Format('${evaluationPrefix(spec)}/{}', $$.Execution.Name)`,
        "dataUri.$": "$.dataUri",
        "trigger.$": "$.trigger",
      },
    },
    ResultSelector: {
      "decision.$": "$.Payload.decision",
      "evaluationUri.$": "$.Payload.evaluationUri",
      "baselineUri.$": "$.Payload.baselineUri",
      "metadata.$": "$.Payload.metadata",
    },
    ResultPath: "$.gate",
    TimeoutSeconds: gateTimeoutSeconds,
    Retry: retryOn([
      "Lambda.ServiceException",
      "Lambda.AWSLambdaException",
      "Lambda.SdkClientException",
      "Lambda.TooManyRequestsException",
    ]),
    Catch: catchAll,
    Next: "Passed",
  };
}

function registerState(spec: StateMachineSpec): State {
  return {
    Type: "Task",
    Resource: "arn:aws:states:::aws-sdk:sagemaker:createModelPackage",
    Parameters: {
      ModelPackageGroupName: spec.modelPackageGroupName,
      "ModelPackageDescription.$": "$.gate.decision.reason",
      ModelApprovalStatus: "PendingManualApproval",
      InferenceSpecification: {
        Containers: [{ Image: spec.servingImage, "ModelDataUrl.$": "$.training.modelDataUrl" }],
        SupportedContentTypes: ["application/json"],
        SupportedResponseMIMETypes: ["application/json"],
      },
      ModelMetrics: {
        ModelQuality: {
          Statistics: { ContentType: "application/json", "S3Uri.$": "$.gate.evaluationUri" },
        },
      },
      "CustomerMetadataProperties.$": "$.gate.metadata",
      // A retry after an answer that got lost must not register the same model twice.
      "ClientToken.$": "$$.Execution.Name",
    },
    ResultSelector: { "modelPackageArn.$": "$.ModelPackageArn" },
    ResultPath: "$.registered",
    TimeoutSeconds: shortTimeoutSeconds,
    Retry: retryOn(["SageMaker.SageMakerException", "SageMaker.ThrottlingException"]),
    Catch: catchAll,
    Next: "NotifyRegistered",
  };
}

function endings(spec: StateMachineSpec): Record<string, State> {
  const failed: State = { Type: "Fail", ErrorPath: "$.error.Error", CausePath: "$.error.Cause" };
  return {
    NotifyRegistered: notifyState(spec, {
      subject: `${spec.modelName}: a new version waits for approval`,
      message:
        "States.Format('{} waits for approval. {}', $.registered.modelPackageArn, $.gate.decision.reason)",
      next: "Registered",
    }),
    Registered: { Type: "Succeed" },
    NotifyRefused: notifyState(spec, {
      subject: `${spec.modelName}: the gate refused a new version`,
      message: "States.Format('{} was refused. {}', $.training.jobName, $.gate.decision.reason)",
      next: "Refused",
    }),
    Refused: { Type: "Succeed" },
    NotifyFailure: notifyState(spec, {
      subject: `${spec.modelName}: a training run failed`,
      message: "States.Format('The run {} failed: {} {}', $$.Execution.Id, $.error.Error, $.error.Cause)",
      next: "Failed",
    }),
    Failed: failed,
  };
}

/** Tells the topic, where there is one. A message that cannot be sent must not change how the run ends. */
function notifyState(
  { alarmTopicArn }: StateMachineSpec,
  { subject, message, next }: { subject: string; message: string; next: string },
): State {
  if (alarmTopicArn === undefined) return { Type: "Pass", Next: next };
  return {
    Type: "Task",
    Resource: "arn:aws:states:::sns:publish",
    Parameters: { TopicArn: alarmTopicArn, Subject: subject.slice(0, 100), "Message.$": message },
    ResultPath: null,
    TimeoutSeconds: shortTimeoutSeconds,
    Retry: retryOn(["SNS.InternalErrorException", "SNS.ThrottledException", "SNS.SdkClientException"]),
    Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: "$.notification", Next: next }],
    Next: next,
  };
}
