import { one, type PolicyCases, resource, unknown, unrelated } from "../support/fixture";
import { deployment } from "../support/workloads";

const hardened = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };
const podContext = { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } };
const container = (securityContext: object, name = "server") => ({ name, securityContext });
const pods = (spec: object, namespace: string = "models") =>
  deployment({ securityContext: podContext, containers: [container(hardened)], ...spec }, {}, { namespace });
const namespace = (labels?: unknown, name = "models") =>
  resource("kubernetes:core/v1:Namespace", name, { metadata: { name, labels } });

export const pssRestrictedCases: PolicyCases = {
  passing: [
    one("is hardened", pods({ volumes: [{ name: "tmp", emptyDir: {} }] })),
    one(
      "hardens in the container",
      pods({ securityContext: {}, containers: [container({ ...hardened, ...podContext })] }),
    ),
    one("enforces the standard", namespace({ "pod-security.kubernetes.io/enforce": "restricted" })),
    one("is a namespace of the cluster", namespace({}, "kube-system")),
    one("is a workload of the cluster", pods({ securityContext: {} }, "kube-system")),
  ],
  failing: [
    {
      ...one("says nothing", deployment({ containers: [{ name: "server" }] })),
      violations: [
        [
          "server",
          "without runAsNonRoot, without allowPrivilegeEscalation false, without dropping ALL capabilities, without the seccomp profile",
        ],
      ],
    },
    {
      ...one(
        "runs one container as root",
        pods({ containers: [container(hardened), container({ ...hardened, runAsNonRoot: false }, "init")] }),
      ),
      violations: [["server", '"init" without runAsNonRoot']],
    },
    {
      ...one(
        "adds a capability and all privileges",
        pods({
          containers: [
            container({
              ...hardened,
              privileged: true,
              capabilities: { drop: ["ALL"], add: ["NET_ADMIN", "NET_BIND_SERVICE"] },
            }),
          ],
        }),
      ),
      violations: [["server", "with the capabilities NET_ADMIN, with all privileges"]],
    },
    {
      ...one("mounts the node", pods({ volumes: [{ name: "node", hostPath: { path: "/" } }] })),
      violations: [["server", "of the kind hostPath"]],
    },
    {
      ...one("uses the node's network", pods({ hostNetwork: true })),
      violations: [["server", "shares hostNetwork"]],
    },
    {
      ...one("enforces less", namespace({ "pod-security.kubernetes.io/enforce": "baseline" })),
      violations: [["models", "the standard baseline"]],
    },
    { ...one("enforces nothing", namespace()), violations: [["models", "no Pod Security Standard"]] },
  ],
  unknown: [
    { ...one("has labels that are not known", namespace(unknown)), undecided: ["models"] },
    {
      ...one("is not known in one place", pods({ hostNetwork: unknown, volumes: [{ hostPath: {} }] })),
      undecided: ["host"],
      violations: [["server", "hostPath"]],
    },
  ],
  notApplicable: [one("makes no pods", unrelated)],
};
