import { ModelPromotion } from "../../../components";
import { parsePointer } from "../../../lambdas/shared/champion";
import { settingsSchema } from "../../../lambdas/model-promoter/settings";
import { readEnvironment } from "../../../lambdas/shared/environment";
import { deployInMocks, parsePolicy, valueOf } from "../../support/pulumi-mocks";
import { modelPromotionArgs } from "../loop-samples";

const deploy = (changes: object = {}) =>
  deployInMocks(() => new ModelPromotion("delays", { ...modelPromotionArgs, ...changes }));

describe("model promotion", () => {
  test("makes the pointer with a value that every reader understands as nobody, and never sets it back", async () => {
    const deployed = await deploy();
    const parameter = deployed.one("aws:ssm/parameter:Parameter");
    expect(parameter.inputs.name).toBe("/mlops/test/delays/champion");
    expect(parsePointer(parameter.inputs.insecureValue as string, "")).toBeUndefined();
    expect(parameter.ignoreChanges).toEqual(["value", "insecureValue"]);
    expect(parameter).toMatchObject({ protect: true, retainOnDelete: true });
    expect(await valueOf(deployed.result.championParameterName)).toBe("/mlops/test/delays/champion");
  });

  test("gives the function an environment that it accepts", async () => {
    const { environment } = (await deploy()).one("aws:lambda/function:Function").inputs;
    const variables = { ...(environment.variables as Record<string, string>), AWS_REGION: "eu-west-1" };
    expect(readEnvironment(settingsSchema, variables)).toEqual({
      AWS_REGION: "eu-west-1",
      MODEL_NAME: "delays",
      MODEL_PACKAGE_GROUP: "test-delays",
      CHAMPION_PARAMETER: "/mlops/test/delays/champion",
      CLUSTER_NAME: "serving",
      NAMESPACE: "models",
      DEPLOYMENT_NAME: "delays",
    });
  });

  test("listens to approvals in its group only", async () => {
    const rule = (await deploy()).one("aws:cloudwatch/eventRule:EventRule");
    expect(JSON.parse(rule.inputs.eventPattern as string)).toEqual({
      source: ["aws.sagemaker"],
      "detail-type": ["SageMaker Model Package State Change"],
      detail: { ModelPackageGroupName: ["test-delays"], ModelApprovalStatus: ["Approved"] },
    });
  });

  test("is known to the cluster as the promoter of its model and nothing more", async () => {
    const deployed = await deploy();
    expect(deployed.one("aws:eks/accessEntry:AccessEntry").inputs).toMatchObject({
      clusterName: "serving",
      principalArn: "arn:aws:iam::123456789012:role/delays-promoter-1234567",
      kubernetesGroups: ["mlops:promoters:delays"],
    });
    expect(deployed.ofType("aws:eks/accessPolicyAssociation:AccessPolicyAssociation")).toEqual([]);
  });

  test("may move its own pointer, and cannot approve", async () => {
    const { Statement } = parsePolicy((await deploy()).one("aws:iam/rolePolicy:RolePolicy").inputs.policy);
    const find = (sid: string) => Statement.find((statement) => statement.Sid === sid);
    expect(find("MovePointer")?.Resource).toEqual(["arn:aws:ssm:eu-west-1:123456789012:delays-champion"]);
    expect(find("ReadVersions")).toMatchObject({
      Action: ["sagemaker:DescribeModelPackage"],
      Resource: ["arn:aws:sagemaker:eu-west-1:123456789012:model-package/test-delays/*"],
    });
  });

  test("stands in the cluster's network where it is given one", async () => {
    const network = { subnetIds: ["subnet-1"], securityGroupIds: ["sg-1"] };
    expect((await deploy(network)).one("aws:lambda/function:Function").inputs.vpcConfig).toEqual(network);
    expect((await deploy()).one("aws:lambda/function:Function").inputs).not.toHaveProperty("vpcConfig");
    await expect(deploy({ subnetIds: ["subnet-1"] })).rejects.toThrow(
      "securityGroupIds: subnetIds and securityGroupIds go together",
    );
  });
});
