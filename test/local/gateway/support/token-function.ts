import { buildSync } from "esbuild";
import { zipSync } from "fflate";

const source = `
import { Sha256 } from "@aws-crypto/sha256-js";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { SignatureV4 } from "@smithy/signature-v4";

async function presign(cluster) {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION } = process.env;
  const credentials = { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY, sessionToken: AWS_SESSION_TOKEN };
  const host = "sts." + AWS_REGION + ".amazonaws.com";
  const signer = new SignatureV4({ service: "sts", region: AWS_REGION, sha256: Sha256, credentials });
  const request = {
    method: "GET", protocol: "https:", hostname: host, path: "/",
    headers: { host, "x-k8s-aws-id": cluster },
    query: { Action: "GetCallerIdentity", Version: "2011-06-15" },
  };
  const { query } = await signer.presign(request, { expiresIn: 60, unhoistableHeaders: new Set(["x-k8s-aws-id"]) });
  const text = Object.entries(query).map((pair) => pair.map(encodeURIComponent).join("=")).join("&");
  return "k8s-aws-v1." + Buffer.from("https://" + host + "/?" + text).toString("base64url");
}

export async function handler(event) {
  if (event.cluster) {
    const identity = await new STSClient({}).send(new GetCallerIdentityCommand({}));
    return { arn: identity.Arn, token: await presign(event.cluster) };
  }
  await new SQSClient({}).send(new SendMessageCommand({ QueueUrl: process.env.INBOX, MessageBody: JSON.stringify(event) }));
}
`;

/** A function that makes EKS tokens when asked for a cluster, and hands every other event to the queue INBOX. */
export function tokenFunction(): Uint8Array {
  const bundle = buildSync({
    stdin: { contents: source, resolveDir: __dirname, loader: "js" },
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    write: false,
    logLevel: "silent",
  });
  const code = bundle.outputFiles[0]?.contents ?? new Uint8Array();
  return zipSync({ "index.js": code });
}
