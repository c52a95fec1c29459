import {
  DescribeAccessEntryCommand,
  EKSClient,
  ListAssociatedAccessPoliciesCommand,
  paginateListAccessEntries,
  paginateListClusters,
} from "@aws-sdk/client-eks";

import { BufferedResponse, jsonResponse } from "../errors";
import { parseJson } from "../interceptor";
import { log, reasonOf } from "../log";
import type { Proxy } from "../proxy";
import { Call, classify } from "../routing";
import { EksToken, Principal, principalOf, readToken } from "./eks-token";

/** Who a token belongs to, as Kubernetes wants it told. */
interface KubernetesUser {
  username: string;
  uid: string;
  groups: string[];
}

const clusterAdminPolicy = /:cluster-access-policy\/AmazonEKSClusterAdminPolicy$/;

/** Answers the API server's token webhook from the access entries of the EKS emulator. */
export class TokenReviewer {
  constructor(
    private readonly eks: EKSClient,
    private readonly proxy: Proxy,
  ) {}

  /** The TokenReview with its status; the address may name the cluster, else every cluster is tried. */
  async review(call: Call, body: Buffer): Promise<BufferedResponse> {
    const review = parseJson(body);
    const bearer = (review.spec as { token?: unknown } | undefined)?.token;
    const status = await this.statusOf(
      String(bearer ?? ""),
      decodeURIComponent(call.path.split("/")[3] ?? ""),
    );
    return jsonResponse(200, {
      apiVersion: review.apiVersion ?? "authentication.k8s.io/v1",
      kind: "TokenReview",
      status,
    });
  }

  private async statusOf(bearer: string, clusterName: string): Promise<Record<string, unknown>> {
    const read = readToken(bearer, Date.now() / 1000);
    if ("refusal" in read) return { authenticated: false, error: read.refusal };
    try {
      const clusters = clusterName ? [clusterName] : await this.clusters();
      for (const cluster of clusters) {
        const user = await this.userIn(cluster, read.token);
        if (user) return { authenticated: true, user };
      }
      return {
        authenticated: false,
        error: `no access entry of ${clusters.join(", ") || "any cluster"} names the caller`,
      };
    } catch (error) {
      log("kubernetes", `a token could not be reviewed: ${reasonOf(error)}`);
      return { authenticated: false, error: reasonOf(error) };
    }
  }

  private async clusters(): Promise<string[]> {
    const names: string[] = [];
    for await (const page of paginateListClusters({ client: this.eks }, {}))
      names.push(...(page.clusters ?? []));
    return names;
  }

  private async userIn(cluster: string, token: EksToken): Promise<KubernetesUser | undefined> {
    const callerArn = await this.callerOf(cluster, token);
    if (callerArn === undefined) return undefined;
    const principal = principalOf(callerArn);
    const principalArn = await this.entryFor(cluster, principal);
    return principalArn === undefined
      ? undefined
      : await this.userOf(cluster, principalArn, callerArn, principal);
  }

  /** Asks STS who signed; the cluster's name is a signed header, so a token for another cluster is refused. */
  private async callerOf(cluster: string, token: EksToken): Promise<string | undefined> {
    const headers = { host: token.host, "x-k8s-aws-id": cluster };
    const answer = await this.proxy.send(classify("GET", token.pathAndQuery, headers), Buffer.alloc(0));
    if (answer.status !== 200) return undefined;
    return /<Arn>([^<]+)<\/Arn>/.exec(answer.body.toString("utf8"))?.[1];
  }

  /** ARN of the access entry for a caller. A session's ARN leaves the role's path out, so paths are overlooked. */
  private async entryFor(cluster: string, principal: Principal): Promise<string | undefined> {
    const withoutPath = (arn: string): string => arn.replace(/:role\/.*\//, ":role/");
    for await (const page of paginateListAccessEntries({ client: this.eks }, { clusterName: cluster })) {
      const found = page.accessEntries?.find((arn) => withoutPath(arn) === withoutPath(principal.arn));
      if (found) return found;
    }
    return undefined;
  }

  private async userOf(
    cluster: string,
    principalArn: string,
    callerArn: string,
    principal: Principal,
  ): Promise<KubernetesUser> {
    const key = { clusterName: cluster, principalArn };
    const { accessEntry } = await this.eks.send(new DescribeAccessEntryCommand(key));
    const policies = await this.eks.send(new ListAssociatedAccessPoliciesCommand(key));
    // EKS judges access policies in an authorizer of its own; only cluster administration has a group that fits.
    const administers = policies.associatedAccessPolicies?.some(
      (policy) => clusterAdminPolicy.test(policy.policyArn ?? "") && policy.accessScope?.type === "cluster",
    );
    // The emulator leaves the name of an entry empty where EKS would fill in the caller's ARN.
    const username = (accessEntry?.username || callerArn).replaceAll(
      "{{SessionName}}",
      principal.sessionName ?? "",
    );
    return {
      username,
      uid: callerArn,
      groups: [...(accessEntry?.kubernetesGroups ?? []), ...(administers ? ["system:masters"] : [])],
    };
  }
}
