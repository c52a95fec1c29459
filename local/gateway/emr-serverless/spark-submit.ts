import * as path from "node:path";

import { parseS3Uri } from "../sagemaker/s3-transfer";

/** What a job run is asked to do, as StartJobRun gives it. */
export interface SparkSubmit {
  /** S3 URI of the script. */
  entryPoint: string;
  entryPointArguments?: string[];
  /** Options of spark-submit in one text, quoted as in a shell. */
  sparkSubmitParameters?: string;
}

/** An S3 URI inside a longer text, such as a JSON document or a list with commas. */
const mention = /s3[an]?:\/\/[^\s"',;\\]+/g;

/** Settings of Spark that ask for the machines of EMR. */
const forTheCluster =
  /^spark\.(executor\.|driver\.(memory|cores|memoryOverhead)|dynamicAllocation\.|emr-serverless\.|archives|hadoop\.hive\.metastore)/;

/** Options of spark-submit, with their value, that ask for the machines of EMR. */
const optionsForTheCluster =
  /^--(executor-\w+|num-executors|driver-memory|driver-cores|total-executor-cores)$/;

/** The words of a command line; quotes hold words together and are taken away. */
export function splitWords(text: string): string[] {
  const words = text.matchAll(/(?:[^\s"']+|"[^"]*"|'[^']*')+/g);
  return [...words].map(([word]) => word.replace(/"([^"]*)"|'([^']*)'/g, "$1$2"));
}

/** The options without those that size a cluster: here everything runs in one process. */
export function localOptions(parameters: string): string[] {
  const words = splitWords(parameters);
  const kept: string[] = [];
  for (let index = 0; index < words.length; index++) {
    const [word = "", next = ""] = words.slice(index, index + 2);
    const dropped = optionsForTheCluster.test(word) || (word === "--conf" && forTheCluster.test(next));
    if (dropped) index++;
    else kept.push(word);
  }
  return kept;
}

/** Every place in S3 that the job names; of a pattern, the folder in which it starts. */
export function placesOf(submit: SparkSubmit): string[] {
  const texts = [
    submit.entryPoint,
    submit.sparkSubmitParameters ?? "",
    ...(submit.entryPointArguments ?? []),
  ];
  const found = texts.flatMap((text) => [...text.matchAll(mention)].map(([uri]) => uri));
  return [...new Set(found.map((uri) => uri.replace(/[^/]*[*?[{].*$/, "")))];
}

/** Path of what stands for a place in S3 below the folder of the job. */
export function localPath(uri: string, root: string): string {
  const { bucket, key } = parseS3Uri(uri.replace(/^s3[an]:/, "s3:"));
  return path.join(root, bucket, key);
}

/** The text with every place in S3 led to the folder that stands for it. */
export function toLocal(text: string, root: string): string {
  return text.replace(mention, (uri) => localPath(uri, root));
}

/** Arguments of spark-submit for this machine. */
export function submitArguments(submit: SparkSubmit, root: string): string[] {
  return [
    ...["--master", "local[2]", "--driver-memory", "1g"],
    ...["--conf", "spark.ui.enabled=false", "--conf", "spark.sql.shuffle.partitions=4"],
    ...localOptions(submit.sparkSubmitParameters ?? "").map((word) => toLocal(word, root)),
    toLocal(submit.entryPoint, root),
    ...(submit.entryPointArguments ?? []).map((argument) => toLocal(argument, root)),
  ];
}
