import { ExperimentTracking, ExperimentTrackingArgs, TrackingServerSize } from "../../../components";
import { faultsOf } from "../../support/component-faults";
import { deployInMocks, parsePolicy, valueOf } from "../../support/pulumi-mocks";

const serverType = "aws:sagemaker/mlflowTrackingServer:MlflowTrackingServer";
const existingTrackingServerArn = "arn:aws:sagemaker:eu-west-1:123456789012:mlflow-tracking-server/shared";

test("creates a server with a bucket of its own, and leaves registering to the gate", async () => {
  const deployed = await deployInMocks(
    () => new ExperimentTracking("experiments", { size: TrackingServerSize.Medium }),
  );
  expect(deployed.one(serverType).inputs).toMatchObject({
    trackingServerName: "test-experiments",
    trackingServerSize: "Medium",
    mlflowVersion: "3.0",
    artifactStoreUri: "s3://experiments-artifacts-1234567",
    automaticModelRegistration: false,
  });
  expect(await valueOf(deployed.result.artifactBucketName)).toBe("experiments-artifacts-1234567");
  const policy = deployed.one("aws:iam/rolePolicy:RolePolicy");
  expect(deployed.one(serverType).dependencies).toContain(policy.urn);
  expect(parsePolicy(policy.inputs.policy).Statement.map(({ Resource: resource }) => resource)).toEqual([
    ["arn:aws:s3:::experiments-artifacts-1234567/*"],
    ["arn:aws:s3:::experiments-artifacts-1234567"],
  ]);
});

test("uses an existing bucket", async () => {
  const deployed = await deployInMocks(
    () =>
      new ExperimentTracking("experiments", {
        existingArtifactBucketName: "shared",
        existingArtifactBucketArn: "arn:aws:s3:::shared",
      }),
  );
  expect(deployed.ofType("aws:s3/bucket:Bucket")).toEqual([]);
  expect(deployed.one(serverType).inputs.artifactStoreUri).toBe("s3://shared");
  expect(await valueOf(deployed.result.artifactBucketName)).toBe("shared");
});

test("uses an existing server and creates nothing", async () => {
  const deployed = await deployInMocks(
    () => new ExperimentTracking("experiments", { existingTrackingServerArn }),
  );
  expect(deployed.resources.map(({ type }) => type)).toEqual(["mlops:index:ExperimentTracking"]);
  expect(await valueOf(deployed.result.trackingServerArn)).toBe(existingTrackingServerArn);
  expect(deployed.result.artifactBucketName).toBeUndefined();
});

const refused: [string, ExperimentTrackingArgs, string[], RegExp][] = [
  [
    "an existing server and the shape of a new one",
    { existingTrackingServerArn, size: TrackingServerSize.Large, mlflowVersion: "3.0" },
    ["existingTrackingServerArn", "existingTrackingServerArn"],
    /existingTrackingServerArn and size were both given.*existingTrackingServerArn and mlflowVersion/,
  ],
  [
    "half an existing bucket",
    { existingArtifactBucketName: "shared" },
    ["existingArtifactBucketArn"],
    /belong together; give both or neither/,
  ],
  [
    "a name with other signs",
    { trackingServerName: "my_server" },
    ["trackingServerName"],
    /"my_server" was given/,
  ],
];

test.each(refused)("refuses %s", async (_case, args, paths, message) => {
  const faults = await faultsOf(() => new ExperimentTracking("experiments", args));
  expect(faults).toMatchObject({ paths, registered: 0 });
  expect(faults.message).toMatch(message);
});
