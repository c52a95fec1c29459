import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { promoterGroup } from "../contracts/promoter-group";
import { CommonArgs } from "../shared/common-args";
import { dataProtection } from "../shared/data-protection";
import { createEventTrigger } from "../shared/event-trigger";
import { createLambdaFunction, LambdaFunctionParts } from "../shared/lambda-function";
import { ArgumentChecker } from "../shared/validation";

/** Arguments of {@link ModelPromotion}. */
export interface ModelPromotionArgs extends CommonArgs {
  /** Environment name; part of the champion parameter's name. */
  environment: string;
  /** Model name, the same as in `ModelDeployment`; part of the champion parameter's name. */
  modelName: string;
  /** Model package group whose approvals count. */
  modelPackageGroupName: pulumi.Input<string>;
  /** ARN of that group. */
  modelPackageGroupArn: pulumi.Input<string>;
  /** EKS cluster that serves the model; it must take access entries. */
  clusterName: pulumi.Input<string>;
  /** ARN of that cluster. */
  clusterArn: pulumi.Input<string>;
  /** Namespace of the Deployment. */
  namespaceName: pulumi.Input<string>;
  /** Deployment that serves the model, from `ModelDeployment`. */
  deploymentName: pulumi.Input<string>;
  /** Subnets with a way to the cluster's API and to AWS services; needed when the API has no public endpoint. @default outside of any VPC */
  subnetIds?: pulumi.Input<pulumi.Input<string>[]>;
  /** Security groups of the function there; goes with `subnetIds`. */
  securityGroupIds?: pulumi.Input<pulumi.Input<string>[]>;
  /** Topic told when a promotion failed for good. @default nobody is told */
  alarmTopicArn?: pulumi.Input<string>;
  /** Whether the champion pointer may be deleted; if not, it is protected and retained. @default false */
  forceDestroy?: boolean;
}

/**
 * Makes approved versions serve. An approval in the model package group sets the version and artefact of the Deployment
 * (server-side apply as `mlops-promoter`), then moves the champion pointer: the SSM parameter
 * `/mlops/<environment>/<model>/champion`, a `ModelPointer` in JSON, `none` before the first promotion. Its history is
 * the history of champions; call the function with `{"action": "rollback"}` to go one back.
 */
export class ModelPromotion extends pulumi.ComponentResource {
  /** ARN of the promoting function; it takes `{"action": "rollback", "fromVersion"?: number}`. */
  public readonly functionArn: pulumi.Output<string>;
  /** Name of the promoting function. */
  public readonly functionName: pulumi.Output<string>;
  /** SSM parameter that names the champion. */
  public readonly championParameterName: pulumi.Output<string>;
  /** Rule that listens to approvals. */
  public readonly ruleArn: pulumi.Output<string>;

  /** @throws pulumi.InputPropertiesError naming every wrong argument. */
  constructor(name: string, args: ModelPromotionArgs, opts?: pulumi.ComponentResourceOptions) {
    checkArguments(args);
    super("mlops:index:ModelPromotion", name, args, opts);
    const champion = createChampionParameter(name, args, this);
    const parts = createFunction(`${name}-promoter`, args, champion, this);
    const access = new aws.eks.AccessEntry(
      `${name}-promoter`,
      {
        clusterName: args.clusterName,
        principalArn: parts.role.arn,
        kubernetesGroups: [promoterGroup(args.modelName)],
        type: "STANDARD",
        tags: args.tags,
      },
      { parent: this },
    );
    const rule = createEventTrigger(
      `${name}-promoter`,
      {
        description: `An approved version of ${args.modelName} is promoted.`,
        pattern: {
          source: ["aws.sagemaker"],
          "detail-type": ["SageMaker Model Package State Change"],
          detail: { ModelPackageGroupName: [args.modelPackageGroupName], ModelApprovalStatus: ["Approved"] },
        },
      },
      parts,
      args,
      this,
    );
    this.functionArn = parts.function.arn;
    // Who calls the function by this name may count on its access to the cluster.
    this.functionName = pulumi.all([parts.function.name, access.id]).apply(([functionName]) => functionName);
    this.championParameterName = champion.name;
    this.ruleArn = rule.arn;
    this.registerOutputs({
      functionArn: this.functionArn,
      functionName: this.functionName,
      championParameterName: this.championParameterName,
      ruleArn: this.ruleArn,
    });
  }
}

function checkArguments({ environment, modelName, subnetIds, securityGroupIds }: ModelPromotionArgs): void {
  const word = /^[A-Za-z0-9_.-]+$/;
  const reason = (given: string): string =>
    `"${given}" was given; letters, digits, ".", "_" and "-" are allowed`;
  new ArgumentChecker()
    .require(word.test(environment), "environment", reason(environment))
    .require(word.test(modelName), "modelName", reason(modelName))
    .require(
      (subnetIds === undefined) === (securityGroupIds === undefined),
      "securityGroupIds",
      "subnetIds and securityGroupIds go together; give both or neither",
    )
    .done("ModelPromotion");
}

/**
 * The pointer. Its name is fixed because people and pipelines look it up; its value belongs to the promoter, and its
 * history is where a rollback finds the earlier champions.
 */
function createChampionParameter(
  name: string,
  { environment, modelName, tags, forceDestroy }: ModelPromotionArgs,
  parent: pulumi.Resource,
): aws.ssm.Parameter {
  return new aws.ssm.Parameter(
    `${name}-champion`,
    {
      name: `/mlops/${environment}/${modelName}/champion`,
      description: `The version of ${modelName} that serves, and on what evidence.`,
      type: "String",
      // No secret: which version serves should be readable in a preview.
      insecureValue: "none",
      tags,
    },
    // The provider shows the value under both names; a promotion must not look like drift.
    {
      parent,
      ignoreChanges: ["value", "insecureValue"],
      deleteBeforeReplace: true,
      ...dataProtection(forceDestroy),
    },
  );
}

function createFunction(
  name: string,
  args: ModelPromotionArgs,
  champion: aws.ssm.Parameter,
  parent: pulumi.Resource,
): LambdaFunctionParts {
  const packages = pulumi
    .output(args.modelPackageGroupArn)
    .apply((arn) => `${arn.replace(":model-package-group/", ":model-package/")}/*`);
  return createLambdaFunction(
    name,
    {
      bundle: "model-promoter",
      description: `Makes approved versions of ${args.modelName} serve.`,
      environment: {
        MODEL_NAME: args.modelName,
        MODEL_PACKAGE_GROUP: args.modelPackageGroupName,
        CHAMPION_PARAMETER: champion.name,
        CLUSTER_NAME: args.clusterName,
        NAMESPACE: args.namespaceName,
        DEPLOYMENT_NAME: args.deploymentName,
      },
      statements: [
        { sid: "FindCluster", actions: ["eks:DescribeCluster"], resources: [args.clusterArn] },
        { sid: "ReadVersions", actions: ["sagemaker:DescribeModelPackage"], resources: [packages] },
        {
          sid: "MovePointer",
          actions: ["ssm:GetParameter", "ssm:GetParameterHistory", "ssm:PutParameter"],
          resources: [champion.arn],
        },
      ],
      timeoutSeconds: 60,
      memoryMegabytes: 256,
      // One promotion at a time: two would race between the Deployment and the pointer.
      reservedConcurrency: 1,
      subnetIds: args.subnetIds,
      securityGroupIds: args.securityGroupIds,
      alarmTopicArn: args.alarmTopicArn,
    },
    args,
    parent,
  );
}
