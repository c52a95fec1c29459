import * as fs from "node:fs";

import type { BufferedResponse } from "../errors";
import { Forward, Interceptor, parseJson, withJson } from "../interceptor";
import type { Call } from "../routing";

const clusterPath = /^\/clusters\/[^/]+$/;

/** The Kubernetes API server that stands behind every EKS cluster of the sandbox. */
export interface KubernetesServer {
  url: string;
  /** PEM file with its certificate authority. */
  caFile?: string;
}

/** Gives the clusters that the EKS emulator describes the address of the sandbox's real API server. */
export class EksClusters implements Interceptor {
  constructor(private readonly server: KubernetesServer) {}

  handles(call: Call): boolean {
    return call.service === "eks" && call.method === "GET" && clusterPath.test(call.path);
  }

  async handle(_call: Call, _body: Buffer, forward: Forward): Promise<BufferedResponse> {
    const answer = await forward();
    if (answer.status !== 200) return answer;
    const { cluster } = parseJson(answer.body);
    return withJson(answer, { cluster: { ...(cluster as object), ...this.address() } });
  }

  private address(): Record<string, unknown> {
    const { url, caFile } = this.server;
    if (!caFile) return { endpoint: url };
    return { endpoint: url, certificateAuthority: { data: fs.readFileSync(caFile).toString("base64") } };
  }
}
