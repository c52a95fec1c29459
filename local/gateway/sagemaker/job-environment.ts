import * as path from "node:path";

/** What every job's process is given besides its own variables. */
export interface JobSurroundings {
  /** Python interpreter. */
  python: string;
  region: string;
  /** Endpoint for the SDK calls of a script. */
  gatewayUrl: string;
}

/** Name of the only host of a job, as SageMaker names it. */
export const hostName = "algo-1";

/** The few variables of the gateway's own environment that a script needs to run at all. */
const inherited = ["HOME", "LANG", "LC_ALL", "TMPDIR"];

/** Variables that every job sees; nothing else of the gateway's environment leaks into it. */
export function baseEnvironment(surroundings: JobSurroundings): Record<string, string> {
  const kept = inherited.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  });
  return {
    ...(Object.fromEntries(kept) as Record<string, string>),
    PATH: [path.dirname(surroundings.python), process.env.PATH ?? ""].join(path.delimiter),
    PYTHONUNBUFFERED: "1",
    AWS_REGION: surroundings.region,
    AWS_DEFAULT_REGION: surroundings.region,
    AWS_ENDPOINT_URL: surroundings.gatewayUrl,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
  };
}

/** The command with `python` and `python3` led to the sandbox's interpreter. */
export function resolveProgram(program: string, surroundings: JobSurroundings): string {
  return /^python(3(\.\d+)?)?$/.test(path.basename(program)) ? surroundings.python : program;
}

/** Content of `/opt/ml/input/config/resourceconfig.json`. */
export function resourceConfiguration(instanceType: string): Record<string, unknown> {
  return {
    current_host: hostName,
    hosts: [hostName],
    current_instance_type: instanceType,
    current_group_name: "homogeneousCluster",
    instance_groups: [
      { instance_group_name: "homogeneousCluster", instance_type: instanceType, hosts: [hostName] },
    ],
    network_interface_name: "lo",
  };
}
