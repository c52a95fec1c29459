import type { ServiceCase } from "../service-case";
import { budgetsCase } from "./budgets";
import { dmsCase, emrServerlessCase } from "./capture";
import { athenaCase, glueCase } from "./catalog";
import { eksCase } from "./clusters";
import { eventBridgeCase, schedulerCase } from "./events";
import { lambdaCase } from "./lambda";
import { snsCase, sqsCase } from "./messaging";
import { cloudWatchCase, ecrCase, stepFunctionsCase } from "./operations";
import { sageMakerCase } from "./sagemaker";
import { brokerCase, iotCase, kinesisCase } from "./streams";

/** Data, compute, messaging and machine learning. */
export const serviceCases: ServiceCase[] = [
  sqsCase,
  snsCase,
  eventBridgeCase,
  schedulerCase,
  lambdaCase,
  cloudWatchCase,
  stepFunctionsCase,
  ecrCase,
  budgetsCase,
  glueCase,
  athenaCase,
  eksCase,
  sageMakerCase,
  kinesisCase,
  iotCase,
  brokerCase,
  dmsCase,
  emrServerlessCase,
];
