import { one, type PolicyCases, resource, unknown, unrelated } from "../support/fixture";
import { deployment } from "../support/workloads";

const sized = { requests: { cpu: "500m", memory: "512Mi" }, limits: { memory: "1Gi" } };
const container = (resources: object, name = "server") => ({ name, resources });
const gpu = (request: number, limit?: number) => ({
  requests: { ...sized.requests, "nvidia.com/gpu": request },
  limits: { ...sized.limits, ...(limit === undefined ? {} : { "nvidia.com/gpu": limit }) },
});

export const requestsLimitsCases: PolicyCases = {
  passing: [
    one("is sized", deployment({ containers: [container(sized)] })),
    one(
      "takes a request from elsewhere",
      deployment({ containers: [container({ ...sized, requests: { cpu: unknown, memory: "1Gi" } })] }),
    ),
    one("requests GPUs as it limits them", deployment({ containers: [container(gpu(1, 1))] })),
  ],
  failing: [
    {
      ...one(
        "has a side container without sizes",
        deployment({ containers: [container(sized), container({}, "log")] }),
      ),
      violations: [["server", '"log" without requests.cpu, requests.memory, limits.memory']],
    },
    {
      ...one(
        "is a bare pod without limit",
        resource("kubernetes:core/v1:Pod", "pod", {
          spec: { containers: [container({ requests: sized.requests })] },
        }),
      ),
      violations: [["pod", "without limits.memory"]],
    },
    {
      ...one("requests fewer GPUs", deployment({ containers: [container(gpu(1, 2))] })),
      violations: [["server", "nvidia.com/gpu that differs"]],
    },
  ],
  unknown: [
    {
      ...one(
        "has a container that is not known",
        deployment({ containers: [container({ ...sized, requests: unknown })] }),
      ),
      undecided: ["container server"],
    },
  ],
  notApplicable: [one("makes no pods", unrelated)],
};
