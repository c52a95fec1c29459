import * as pulumi from "@pulumi/pulumi";

import {
  ModelDeployment,
  ModelMonitor,
  ModelPromotion,
  RetrainingController,
  TrainingPipeline,
} from "../components";
import { ModelConfig } from "./model-config";
import { ModelOutputs } from "./outputs";
import type { PlatformParts } from "./parts";

/** Composes one model: serving, promotion, training, monitoring and retraining, closed to a loop. */
export function deployModel(model: ModelConfig, parts: PlatformParts): pulumi.Output<ModelOutputs> {
  const deployment = deployServing(model, parts);
  const promotion = deployPromotion(model, deployment, parts);
  const pipeline = deployTraining(model, promotion, parts);
  const monitor = deployMonitor(model, promotion, parts);
  const controller = deployRetraining(model, pipeline, monitor, parts);
  return pulumi.output({
    stateMachineArn: pipeline.stateMachineArn,
    modelPackageGroupName: packageGroup(model, parts).modelPackageGroupName,
    sourcePrefix: model.training.sourcePrefix,
    championParameterName: promotion.championParameterName,
    driftAlarmName: monitor.driftAlarmName,
    retrainingAlarmName: monitor.retrainingAlarmName,
    monitorFunctionName: monitor.functionName,
    retrainingFunctionName: controller.functionName,
    decisionsTableName: controller.tableName,
    dashboardName: monitor.dashboardName,
    namespaceName: deployment.namespaceName,
    deploymentName: deployment.deploymentName,
  });
}

/** Tags of a model's resources: the platform's, and the model's name for cost reports. */
function commonOf(model: ModelConfig, { common }: PlatformParts): PlatformParts["common"] {
  return {
    ...common,
    tags: pulumi.output(common.tags ?? {}).apply((tags) => ({ ...tags, model: model.name })),
  };
}

function packageGroup({ name }: ModelConfig, { registry }: PlatformParts) {
  return {
    modelPackageGroupName: registry.modelPackageGroupNames.apply((names) => names[name] as string),
    modelPackageGroupArn: registry.modelPackageGroupArns.apply((arns) => arns[name] as string),
  };
}

function deployServing(model: ModelConfig, parts: PlatformParts): ModelDeployment {
  const { minimumReplicas, maximumReplicas } = model.serving;
  return new ModelDeployment(
    model.name,
    {
      modelName: model.name,
      image: model.serving.image,
      clusterName: parts.cluster.clusterName,
      registryBucketArn: parts.registry.bucketArn,
      capturesBucketName: parts.lake.capturesBucketName,
      capturesBucketArn: parts.lake.capturesBucketArn,
      scaling: { minimumReplicas, maximumReplicas },
      ...commonOf(model, parts),
    },
    { providers: [parts.awsProvider, parts.kubernetesProvider] },
  );
}

function deployPromotion(
  model: ModelConfig,
  deployment: ModelDeployment,
  parts: PlatformParts,
): ModelPromotion {
  const { network, cluster } = parts;
  return new ModelPromotion(
    model.name,
    {
      environment: parts.config.environment,
      modelName: model.name,
      ...packageGroup(model, parts),
      clusterName: cluster.clusterName,
      clusterArn: cluster.clusterArn,
      namespaceName: deployment.namespaceName,
      deploymentName: deployment.deploymentName,
      // The cluster's API is private by default, so the promoter stands where it can reach it.
      subnetIds: network.privateSubnetIds,
      securityGroupIds: [network.workloadSecurityGroupId, cluster.clusterSecurityGroupId],
      alarmTopicArn: parts.alerts.topicArn,
      forceDestroy: parts.forceDestroy,
      ...commonOf(model, parts),
    },
    { provider: parts.awsProvider },
  );
}

function deployTraining(
  model: ModelConfig,
  promotion: ModelPromotion,
  parts: PlatformParts,
): TrainingPipeline {
  const { training } = model;
  return new TrainingPipeline(
    model.name,
    {
      modelName: model.name,
      registryBucketName: parts.registry.bucketName,
      registryBucketArn: parts.registry.bucketArn,
      curatedBucketArn: parts.lake.curatedBucketArn,
      ...packageGroup(model, parts),
      trainingImage: training.image,
      servingImage: model.serving.image,
      sourceUri: pulumi.interpolate`s3://${parts.registry.bucketName}/${training.sourcePrefix}`,
      hyperparameters: training.hyperparameters,
      instanceType: training.instanceType,
      maximumRuntimeSeconds: training.maximumRuntimeMinutes * 60,
      gate: training.gate,
      championParameterName: promotion.championParameterName,
      subnetIds: parts.network.privateSubnetIds,
      securityGroupIds: [parts.network.workloadSecurityGroupId],
      alarmTopicArn: parts.alerts.topicArn,
      ...commonOf(model, parts),
    },
    { provider: parts.awsProvider },
  );
}

function deployMonitor(model: ModelConfig, promotion: ModelPromotion, parts: PlatformParts): ModelMonitor {
  return new ModelMonitor(
    model.name,
    {
      environment: parts.config.environment,
      modelName: model.name,
      championParameterName: promotion.championParameterName,
      capturesBucketName: parts.lake.capturesBucketName,
      capturesBucketArn: parts.lake.capturesBucketArn,
      registryBucketArn: parts.registry.bucketArn,
      scheduleExpression: model.monitoring.schedule,
      windowHours: model.monitoring.windowHours,
      evaluationPeriodSeconds: model.monitoring.evaluationPeriodSeconds,
      driftThreshold: model.monitoring.driftThreshold,
      owner: parts.config.owner,
      alarmTopicArn: parts.alerts.topicArn,
      ...commonOf(model, parts),
    },
    { provider: parts.awsProvider },
  );
}

function deployRetraining(
  model: ModelConfig,
  pipeline: TrainingPipeline,
  monitor: ModelMonitor,
  parts: PlatformParts,
): RetrainingController {
  return new RetrainingController(
    model.name,
    {
      modelName: model.name,
      stateMachineArn: pipeline.stateMachineArn,
      dataUri: pulumi.interpolate`s3://${parts.lake.curatedBucketName}/${model.dataset}/`,
      driftAlarmArn: monitor.retrainingAlarmArn,
      scheduleExpression: model.retraining.schedule,
      coolDownSeconds: Math.round(model.retraining.coolDownHours * 3600),
      dailyCap: model.retraining.dailyCap,
      forceDestroy: parts.forceDestroy,
      alarmTopicArn: parts.alerts.topicArn,
      ...commonOf(model, parts),
    },
    { provider: parts.awsProvider },
  );
}
