import type { types } from "@pulumi/kubernetes";

import { ModelDeployment, ModelDeploymentArgs } from "../../../components";
import { faultsOf } from "../../support/component-faults";
import { deployInMocks, MockedDeployment, parsePolicy, valueOf } from "../../support/pulumi-mocks";
import { modelDeploymentArgs } from "../samples";

type DeploymentSpec = types.output.apps.v1.DeploymentSpec;
type NetworkPolicySpec = types.output.networking.v1.NetworkPolicySpec;

const kinds = {
  deployment: "kubernetes:apps/v1:Deployment",
  service: "kubernetes:core/v1:Service",
  namespace: "kubernetes:core/v1:Namespace",
  autoscaler: "kubernetes:autoscaling/v2:HorizontalPodAutoscaler",
  budget: "kubernetes:policy/v1:PodDisruptionBudget",
  networkPolicy: "kubernetes:networking.k8s.io/v1:NetworkPolicy",
  role: "kubernetes:rbac.authorization.k8s.io/v1:Role",
  roleBinding: "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding",
};

const deploy = (more: Partial<ModelDeploymentArgs> = {}): Promise<MockedDeployment<ModelDeployment>> =>
  deployInMocks(() => new ModelDeployment("delays", { ...modelDeploymentArgs, ...more }));
const specOf = (deployed: MockedDeployment<unknown>): DeploymentSpec =>
  deployed.one(kinds.deployment).inputs.spec as DeploymentSpec;

describe("the pods", () => {
  test("meet the restricted Pod Security Standard, as does the namespace", async () => {
    const deployed = await deploy();
    expect(deployed.one(kinds.namespace).inputs.metadata).toMatchObject({
      name: "flight-delays",
      labels: { "pod-security.kubernetes.io/enforce": "restricted" },
    });
    const pod = specOf(deployed).template.spec;
    expect(pod.securityContext).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: "RuntimeDefault" },
    });
    expect(pod.automountServiceAccountToken).toBe(false);
    expect(pod.containers.map(({ securityContext }) => securityContext)).toEqual([
      { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
    ]);
    expect(pod.volumes.every(({ emptyDir }) => emptyDir?.sizeLimit)).toBe(true);
  });

  test("ask for what the model needs, listen on its port and answer on /health", async () => {
    const deployed = await deploy({ port: 9000 });
    const [container] = specOf(deployed).template.spec.containers;
    expect(container).toMatchObject({
      name: "model-server",
      ports: [{ containerPort: 9000 }],
      resources: { requests: { cpu: "500m", memory: "512Mi" }, limits: { cpu: "1", memory: "1Gi" } },
    });
    for (const probe of [container?.startupProbe, container?.readinessProbe, container?.livenessProbe]) {
      expect(probe?.httpGet).toEqual({ path: "/health", port: "http" });
    }
    expect(deployed.one(kinds.service).inputs.spec).toMatchObject({
      type: "ClusterIP",
      ports: [{ port: 9000, targetPort: "http" }],
    });
  });

  test("spread over zones and nodes", async () => {
    const deployed = await deploy();
    const keys = specOf(deployed).template.spec.topologySpreadConstraints.map(
      ({ topologyKey }) => topologyKey,
    );
    expect(keys).toEqual(["topology.kubernetes.io/zone", "kubernetes.io/hostname"]);
  });

  test("are selected by every object that means them", async () => {
    const deployed = await deploy();
    const { selector, template } = specOf(deployed);
    const selectors = [
      selector.matchLabels,
      deployed.one(kinds.service).inputs.spec.selector,
      deployed.one(kinds.budget).inputs.spec.selector.matchLabels,
      deployed.one(kinds.networkPolicy, "delays").inputs.spec.podSelector.matchLabels,
      ...template.spec.topologySpreadConstraints.map(({ labelSelector }) => labelSelector.matchLabels),
    ] as Record<string, string>[];
    for (const labels of selectors) expect(template.metadata.labels).toMatchObject(labels);
    expect(new Set(selectors.map((labels) => JSON.stringify(labels))).size).toBe(1);
  });
});

describe("what belongs to others", () => {
  test("the number of replicas is the autoscaler's", async () => {
    const deployed = await deploy({
      scaling: { minimumReplicas: 4, maximumReplicas: 20, targetCpuPercent: 60 },
    });
    expect(specOf(deployed)).not.toHaveProperty("replicas");
    const autoscaler = deployed.one(kinds.autoscaler).inputs;
    expect(autoscaler.spec).toMatchObject({
      scaleTargetRef: { kind: "Deployment", name: "flight-delays" },
      minReplicas: 4,
      maxReplicas: 20,
      metrics: [{ resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 60 } } }],
      behavior: { scaleDown: { stabilizationWindowSeconds: 300 } },
    });
    expect(deployed.one(kinds.budget).inputs.spec.minAvailable).toBe(3);
  });

  test("the model's version and artefact are the promoter's", async () => {
    const deployed = await deploy({ environment: { LOG_LEVEL: "info" } });
    const names = specOf(deployed).template.spec.containers.flatMap(({ env }) => env.map(({ name }) => name));
    expect(names).toEqual(
      expect.arrayContaining(["MODEL_NAME", "CAPTURE_BUCKET", "CAPTURE_PREFIX", "PORT", "LOG_LEVEL"]),
    );
    expect(names).not.toContain("MODEL_VERSION");
    expect(names).not.toContain("MODEL_URI");
    expect(specOf(deployed).template.metadata.annotations).toBeUndefined();
  });

  test("the promoter of this model may change this deployment and nothing else", async () => {
    const deployed = await deploy();
    expect(deployed.one(kinds.role).inputs.rules).toEqual([
      {
        apiGroups: ["apps"],
        resources: ["deployments"],
        resourceNames: ["flight-delays"],
        verbs: ["get", "patch"],
      },
    ]);
    expect(deployed.one(kinds.roleBinding).inputs).toMatchObject({
      roleRef: { kind: "Role", name: "flight-delays-promoter" },
      subjects: [{ kind: "Group", name: "mlops:promoters:flight-delays" }],
    });
  });
});

describe("the network", () => {
  const rules = (deployed: MockedDeployment<unknown>, name: string): NetworkPolicySpec =>
    deployed.one(kinds.networkPolicy, name).inputs.spec as NetworkPolicySpec;

  test("refuses everything in the namespace by default", async () => {
    const deployed = await deploy();
    expect(rules(deployed, "delays-default-deny")).toEqual({
      podSelector: {},
      policyTypes: ["Ingress", "Egress"],
    });
  });

  test("lets in calls on the port, and out DNS, HTTPS and credentials but not the node's metadata", async () => {
    const deployed = await deploy({ clientCidrBlocks: ["10.0.0.0/20"] });
    const { ingress, egress } = rules(deployed, "delays");
    expect(ingress).toEqual([
      {
        from: [{ namespaceSelector: {} }, { ipBlock: { cidr: "10.0.0.0/20" } }],
        ports: [{ protocol: "TCP", port: 8080 }],
      },
    ]);
    const open = egress.flatMap(({ to, ports }) =>
      ports.map(
        ({ port }) => `${to?.[0]?.ipBlock?.cidr ?? "any"}:${port} not ${to?.[0]?.ipBlock?.except ?? "-"}`,
      ),
    );
    expect(open).toEqual([
      "any:53 not -",
      "any:53 not -",
      "0.0.0.0/0:443 not 169.254.0.0/16",
      "169.254.170.23/32:80 not -",
    ]);
  });
});

describe("the AWS identity", () => {
  test("is for this service account of this namespace only, and reads its own model and writes its own captures", async () => {
    const deployed = await deploy();
    const role = deployed.one("aws:iam/role:Role");
    const [trust] = parsePolicy(role.inputs.assumeRolePolicy).Statement;
    expect(trust).toMatchObject({
      Action: ["sts:AssumeRole", "sts:TagSession"],
      Condition: {
        StringEquals: {
          "aws:RequestTag/kubernetes-namespace": "flight-delays",
          "aws:RequestTag/kubernetes-service-account": "flight-delays",
        },
      },
    });
    const allowed = parsePolicy(deployed.one("aws:iam/rolePolicy:RolePolicy").inputs.policy).Statement;
    expect(allowed.map(({ Action: action, Resource: resource }) => [action, resource])).toEqual([
      [["s3:GetObject", "s3:GetObjectVersion"], ["arn:aws:s3:::models/flight-delays/*"]],
      [["s3:PutObject"], ["arn:aws:s3:::captures/flight-delays/*"]],
    ]);
  });

  test("is there before the first pod starts", async () => {
    const deployed = await deploy();
    const association = deployed.one("aws:eks/podIdentityAssociation:PodIdentityAssociation");
    expect(association.inputs).toMatchObject({
      clusterName: "serving",
      namespace: "flight-delays",
      serviceAccount: "flight-delays",
      roleArn: await valueOf(deployed.result.roleArn),
    });
    expect(deployed.one(kinds.deployment).dependencies).toContain(association.urn);
  });
});

test("an existing namespace is used and its default rules are left alone", async () => {
  const deployed = await deploy({ existingNamespace: "models" });
  expect(deployed.ofType(kinds.namespace)).toEqual([]);
  expect(deployed.ofType(kinds.networkPolicy).map(({ name }) => name)).toEqual(["delays"]);
  expect(deployed.one(kinds.deployment).inputs.metadata.namespace).toBe("models");
  expect(await valueOf(deployed.result.namespaceName)).toBe("models");
});

test("names what others must address", async () => {
  const { result } = await deploy({ namespace: "travel" });
  expect(await valueOf(result.namespaceName)).toBe("travel");
  expect(await valueOf(result.deploymentName)).toBe("flight-delays");
  expect(await valueOf(result.serviceName)).toBe("flight-delays");
  expect(await valueOf(result.serviceAccountName)).toBe("flight-delays");
});

const refused: [string, Partial<ModelDeploymentArgs>, string[], RegExp][] = [
  [
    "two namespaces",
    { namespace: "travel", existingNamespace: "models" },
    ["existingNamespace"],
    /existingNamespace and namespace were both given/,
  ],
  [
    "a name that Kubernetes refuses",
    { modelName: "Flight_Delays" },
    ["modelName"],
    /"Flight_Delays" was given/,
  ],
  ["a system namespace", { namespace: "kube-system" }, ["namespace"], /not starting with kube-/],
  [
    "variables that belong to the platform",
    { environment: { MODEL_VERSION: "7", "NO WAY": "x" } },
    ['environment["MODEL_VERSION"]', 'environment["NO WAY"]'],
    /is set by the platform/,
  ],
  ["a port for which one must be root", { port: 80 }, ["port"], /80 was given; allowed is 1024 to 65535/],
  [
    "a budget that blocks every drain",
    { scaling: { minimumReplicas: 3, minimumAvailable: 3 } },
    ["scaling.minimumAvailable"],
    /3 was given; allowed is 1 to 2/,
  ],
  [
    "an autoscaler without room",
    { scaling: { minimumReplicas: 5, maximumReplicas: 5 } },
    ["scaling.maximumReplicas"],
    /5 was given; allowed is more than minimumReplicas \(5\)/,
  ],
  [
    "one replica and a target that is never reached",
    { scaling: { minimumReplicas: 1, targetCpuPercent: 100 } },
    ["scaling.minimumReplicas", "scaling.targetCpuPercent"],
    /1 was given; allowed is 2 to 1000.*100 was given; allowed is 10 to 95/,
  ],
];

test.each(refused)("refuses %s", async (_case, more, paths, message) => {
  const faults = await faultsOf(() => new ModelDeployment("delays", { ...modelDeploymentArgs, ...more }));
  expect(faults).toMatchObject({ paths, registered: 0 });
  expect(faults.message).toMatch(message);
});
