import { DescribeTrainingJobCommand } from "@aws-sdk/client-sagemaker";
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";

import { TestClients, waitFor } from "./running-gateway";
import { evaluationParameters, trainingParameters } from "./training-project";

/** A state that trains the job `$.name` with `$.hyperparameters` and waits for it. */
export function trainState(bucket: string, roleArn: string, more: object): object {
  return {
    Type: "Task",
    Resource: "arn:aws:states:::sagemaker:createTrainingJob.sync",
    Parameters: {
      ...trainingParameters(bucket, roleArn),
      "TrainingJobName.$": "$.name",
      "HyperParameters.$": "$.hyperparameters",
    },
    ...more,
  };
}

/** Train, evaluate, register, notify. */
export function pipelineDefinition(bucket: string, roleArn: string, topicArn: string, group: string): object {
  const image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/a:1";
  return {
    StartAt: "Train",
    States: {
      Train: trainState(bucket, roleArn, { ResultPath: "$.training", Next: "Evaluate" }),
      Evaluate: {
        Type: "Task",
        Resource: "arn:aws:states:::sagemaker:createProcessingJob.sync",
        Parameters: evaluationParameters(bucket, roleArn),
        ResultPath: "$.evaluation",
        Next: "Register",
      },
      Register: {
        Type: "Task",
        Resource: "arn:aws:states:::aws-sdk:sagemaker:createModelPackage",
        Parameters: {
          ModelPackageGroupName: group,
          ModelApprovalStatus: "PendingManualApproval",
          CustomerMetadataProperties: { trigger: "manual" },
          InferenceSpecification: {
            Containers: [{ Image: image, "ModelDataUrl.$": "$.training.ModelArtifacts.S3ModelArtifacts" }],
            SupportedContentTypes: ["text/csv"],
            SupportedResponseMIMETypes: ["text/csv"],
          },
        },
        ResultPath: "$.package",
        Next: "Notify",
      },
      Notify: {
        Type: "Task",
        Resource: "arn:aws:states:::sns:publish",
        Parameters: { TopicArn: topicArn, "Message.$": "$.package.ModelPackageArn" },
        End: true,
      },
    },
  };
}

/** State machines of a test, their executions and the jobs that they start. */
export class TestMachines {
  constructor(
    private readonly clients: TestClients,
    private readonly roleArn: string,
  ) {}

  /** Creates a machine and expects to read back the very definition; its ARN. */
  async create(name: string, definition: object): Promise<string> {
    const text = JSON.stringify(definition, undefined, 2);
    const command = new CreateStateMachineCommand({ name, roleArn: this.roleArn, definition: text });
    const { stateMachineArn } = await this.clients.states.send(command);
    const described = await this.clients.states.send(new DescribeStateMachineCommand({ stateMachineArn }));
    expect(described.definition).toBe(text);
    return stateMachineArn ?? "";
  }

  async start(stateMachineArn: string, input: object): Promise<string> {
    const command = new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) });
    return (await this.clients.states.send(command)).executionArn ?? "";
  }

  /** The execution when it has ended. */
  finished(executionArn: string) {
    return waitFor("end of the execution", async () => {
      const execution = await this.clients.states.send(new DescribeExecutionCommand({ executionArn }));
      return execution.status === "RUNNING" ? undefined : execution;
    });
  }

  job(name: string) {
    return this.clients.sageMaker.send(new DescribeTrainingJobCommand({ TrainingJobName: name }));
  }

  /** The training job when it has this secondary status. */
  jobWith(name: string, secondary: string) {
    return waitFor(`job ${name} that is ${secondary}`, async () => {
      const described = await this.job(name).catch(() => undefined);
      return described?.SecondaryStatus === secondary ? described : undefined;
    });
  }
}
