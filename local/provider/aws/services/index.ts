import type { FunctionHandler, ResourceHandler } from "../framework/types";
import * as athena from "./athena";
import * as budgets from "./budgets";
import * as cloudtrail from "./cloudtrail";
import * as cloudwatch from "./cloudwatch";
import * as cloudWatchLogs from "./cloudwatch-logs";
import * as dynamodb from "./dynamodb";
import * as ec2 from "./ec2";
import * as ecr from "./ecr";
import * as eks from "./eks";
import * as eventbridge from "./eventbridge";
import * as glue from "./glue";
import * as iam from "./iam";
import * as dms from "./dms";
import * as emrServerless from "./emr-serverless";
import * as iot from "./iot";
import * as kinesis from "./kinesis";
import * as mq from "./mq";
import * as msk from "./msk";
import * as kms from "./kms";
import * as lambda from "./lambda";
import * as s3 from "./s3";
import * as sageMaker from "./sagemaker";
import * as scheduler from "./scheduler";
import * as secretsManager from "./secrets-manager";
import * as sns from "./sns";
import * as sqs from "./sqs";
import * as ssm from "./ssm";
import * as stepFunctions from "./step-functions";
import * as sts from "./sts";

/** Every service that the provider serves. */
const services: { resources?: ResourceHandler[]; functions?: FunctionHandler[] }[] = [
  athena,
  budgets,
  cloudtrail,
  cloudwatch,
  cloudWatchLogs,
  dynamodb,
  ec2,
  ecr,
  eks,
  eventbridge,
  glue,
  iam,
  dms,
  emrServerless,
  iot,
  kinesis,
  mq,
  msk,
  kms,
  lambda,
  s3,
  sageMaker,
  scheduler,
  secretsManager,
  sns,
  sqs,
  ssm,
  stepFunctions,
  sts,
];

export const resources = services.flatMap((service) => service.resources ?? []);
export const functions = services.flatMap((service) => service.functions ?? []);
