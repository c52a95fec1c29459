import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { CreateBucketCommand, PutObjectCommand } from "@aws-sdk/client-s3";

import type { TestClients } from "./running-gateway";

const trainScript = `
import argparse, csv, os, pickle, sys, time
from sklearn.linear_model import LogisticRegression

parser = argparse.ArgumentParser()
parser.add_argument("--strength", type=float, default=1.0)
parser.add_argument("--seconds", type=float, default=0)
parser.add_argument("--failure", default="")
arguments = parser.parse_args()
print("begun", flush=True)
time.sleep(arguments.seconds)
if arguments.failure:
    with open(os.path.join(os.environ["SM_OUTPUT_DIR"], "failure"), "w") as file:
        file.write(arguments.failure)
    sys.exit(3)
with open(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "points.csv")) as file:
    rows = [[float(value) for value in row] for row in csv.reader(file)]
model = LogisticRegression(C=arguments.strength).fit([row[:-1] for row in rows], [row[-1] for row in rows])
print("train_accuracy=%.4f;" % model.score([row[:-1] for row in rows], [row[-1] for row in rows]))
with open(os.path.join(os.environ["SM_MODEL_DIR"], "model.pickle"), "wb") as file:
    pickle.dump(model, file)
`;

const evaluateScript = `
import csv, json, pickle, sys, tarfile

inputs, outputs = sys.argv[1], sys.argv[2]
with tarfile.open(inputs + "/model/model.tar.gz") as archive:
    model = pickle.load(archive.extractfile("./model.pickle"))
with open(inputs + "/test/points.csv") as file:
    rows = [[float(value) for value in row] for row in csv.reader(file)]
accuracy = model.score([row[:-1] for row in rows], [row[-1] for row in rows])
with open(outputs + "/evaluation.json", "w") as file:
    json.dump({"accuracy": accuracy}, file)
`;

/** Points above and below a line: what a logistic regression learns well. */
function points(): string {
  const rows = Array.from({ length: 400 }, (_row, index) => {
    const [x, y] = [((index * 37) % 100) / 100, ((index * 61) % 97) / 97];
    return `${x},${y},${x + y > 1 ? 1 : 0}`;
  });
  return `${rows.join("\n")}\n`;
}

function sourceArchive(): Buffer {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "gateway-source-"));
  fs.writeFileSync(path.join(folder, "train.py"), trainScript);
  const archive = path.join(folder, "source.tar.gz");
  execFileSync("tar", ["-czf", archive, "-C", folder, "train.py"]);
  const content = fs.readFileSync(archive);
  fs.rmSync(folder, { recursive: true });
  return content;
}

/** Puts scripts and data of a small classification into a new bucket. */
export async function createProject(clients: TestClients, bucket: string): Promise<void> {
  await clients.s3.send(new CreateBucketCommand({ Bucket: bucket }));
  const objects: Record<string, string | Buffer> = {
    "data/points.csv": points(),
    "code/source.tar.gz": sourceArchive(),
    "code/evaluate.py": evaluateScript,
  };
  for (const [Key, Body] of Object.entries(objects)) {
    await clients.s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body }));
  }
}

const resources = { InstanceType: "ml.m5.large", InstanceCount: 1, VolumeSizeInGB: 5 };

/** Parameters of CreateTrainingJob; a name that ends in `.$` keys is for a state machine. */
export function trainingParameters(bucket: string, roleArn: string) {
  return {
    RoleArn: roleArn,
    AlgorithmSpecification: {
      TrainingImage: "image",
      TrainingInputMode: "File" as const,
      MetricDefinitions: [{ Name: "train:accuracy", Regex: "train_accuracy=([0-9.]+);" }],
    },
    InputDataConfig: [
      {
        ChannelName: "train",
        DataSource: { S3DataSource: { S3DataType: "S3Prefix" as const, S3Uri: `s3://${bucket}/data/` } },
      },
    ],
    OutputDataConfig: { S3OutputPath: `s3://${bucket}/models/` },
    ResourceConfig: resources,
    StoppingCondition: { MaxRuntimeInSeconds: 120 },
  } as const;
}

/** Hyperparameters that name the project's script. */
export function scriptOf(bucket: string): Record<string, string> {
  return { sagemaker_program: "train.py", sagemaker_submit_directory: `s3://${bucket}/code/source.tar.gz` };
}

/** Parameters of CreateProcessingJob for a state whose input holds the training job under `$.training`. */
export function evaluationParameters(bucket: string, roleArn: string): object {
  const input = (InputName: string, LocalPath: string, uri: object): object => ({
    InputName,
    S3Input: {
      ...uri,
      LocalPath: `/opt/ml/processing/${LocalPath}`,
      S3DataType: "S3Prefix",
      S3InputMode: "File",
    },
  });
  return {
    "ProcessingJobName.$": "$.name",
    RoleArn: roleArn,
    AppSpecification: {
      ImageUri: "image",
      ContainerEntrypoint: ["python3", "/opt/ml/processing/code/evaluate.py"],
      ContainerArguments: ["/opt/ml/processing/input", "/opt/ml/processing/output"],
    },
    ProcessingResources: { ClusterConfig: resources },
    ProcessingInputs: [
      input("code", "code", { S3Uri: `s3://${bucket}/code/evaluate.py` }),
      input("test", "input/test", { S3Uri: `s3://${bucket}/data/` }),
      input("model", "input/model", { "S3Uri.$": "$.training.ModelArtifacts.S3ModelArtifacts" }),
    ],
    ProcessingOutputConfig: {
      Outputs: [
        {
          OutputName: "evaluation",
          S3Output: {
            "S3Uri.$": `States.Format('s3://${bucket}/evaluations/{}', $.name)`,
            LocalPath: "/opt/ml/processing/output",
            S3UploadMode: "EndOfJob",
          },
        },
      ],
    },
  };
}
