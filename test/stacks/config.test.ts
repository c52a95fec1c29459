import * as fs from "node:fs";
import * as path from "node:path";

import { parse } from "yaml";

import { parsePlatformConfig } from "../../stacks/config";

const root = path.join(__dirname, "..", "..");
const environments = ["local", "dev", "staging", "prod"];

type Raw = Record<string, unknown>;

function rawConfig(environment: string): Raw {
  const file = parse(fs.readFileSync(path.join(root, `Pulumi.${environment}.yaml`), "utf8")) as {
    config: Record<string, Raw>;
  };
  return file.config["mlops:platform"] as Raw;
}

/** The raw value with one place changed, for example `models.0.serving.image`. */
function changed(raw: Raw, place: string, value: unknown): Raw {
  const copy = structuredClone(raw);
  const keys = place.split(".");
  const last = keys.pop() as string;
  const holder = keys.reduce<Raw>((node, key) => node[key] as Raw, copy);
  holder[last] = value;
  return copy;
}

describe("the environments' files", () => {
  test.each(environments)("%s passes the schema and names itself", (environment) => {
    expect(parsePlatformConfig(rawConfig(environment)).environment).toBe(environment);
  });

  test("differ as people expect", () => {
    const [, dev, staging, prod] = environments.map((name) => parsePlatformConfig(rawConfig(name)));
    const replicas = [dev, staging, prod].map((config) => config?.models[0]?.serving.minimumReplicas);
    expect(replicas).toEqual([...replicas].sort());
    expect(new Set([dev, staging, prod].map((config) => config?.accountId)).size).toBe(3);
    expect([dev, staging, prod].map((config) => config?.allowDataLoss)).toEqual([true, false, false]);
    expect(prod?.network.availabilityZoneCount).toBeGreaterThan(dev?.network.availabilityZoneCount ?? 0);
    expect(prod?.logRetentionDays).toBeGreaterThan(dev?.logRetentionDays ?? 0);
    expect(prod?.permissionsBoundaryArn).toBeDefined();
  });
});

describe("defaults", () => {
  test("the gate is the article's 0.80 on accuracy", () => {
    const raw = changed(rawConfig("dev"), "models.0.training.gate", {});
    expect(parsePlatformConfig(raw).models[0]?.training.gate).toEqual({
      metric: "accuracy",
      threshold: 0.8,
      maximumRegression: 0.01,
    });
  });
});

describe("a wrong file names the field and what is allowed", () => {
  const cases: [environment: string, place: string, value: unknown, message: RegExp][] = [
    ["dev", "accountId", 12, /→ at accountId/],
    ["dev", "accountId", "12", /12 digits[^]*→ at accountId/],
    ["dev", "region", "Frankfurt", /AWS region[^]*→ at region/],
    ["dev", "environment", "production", /"local"\|"dev"\|"staging"\|"prod"[^]*→ at environment/],
    ["dev", "logRetentionDays", 42, /must be one of 1, 3, 5[^]*→ at logRetentionDays/],
    ["dev", "modles", [], /Unrecognized key: "modles"/],
    ["dev", "network.vpcId", "vpc-1", /give both or neither[^]*→ at network\.vpcId/],
    ["dev", "network.availabilityZoneCount", 1, />=2[^]*→ at network\.availabilityZoneCount/],
    ["dev", "cluster.version", "latest", /Kubernetes version[^]*→ at cluster\.version/],
    ["dev", "encryption.keyArn", "my-key", /ARN of a KMS key[^]*→ at encryption\.keyArn/],
    ["staging", "forceDestroyData", true, /two keys[^]*→ at forceDestroyData/],
    ["prod", "allowDataLoss", true, /must be false in prod[^]*→ at allowDataLoss/],
    [
      "prod",
      "encryption.deletionWindowDays",
      7,
      /must be 30 in prod, 7 was given[^]*→ at encryption\.deletionWindowDays/,
    ],
    [
      "prod",
      "models.0.serving.image",
      "repo/model:1",
      /pinned by digest[^]*→ at models\[0\]\.serving\.image/,
    ],
    [
      "dev",
      "models.0.dataset",
      "trains",
      /"trains" is not among the datasets: flights[^]*→ at models\[0\]\.dataset/,
    ],
    ["dev", "models.0.training.image", "scikit-learn:1", /image in ECR[^]*→ at models\[0\]\.training\.image/],
    ["dev", "models.0.name", "Flight_Delays", /lower-case letters[^]*→ at models\[0\]\.name/],
    [
      "dev",
      "models.0.featureViews",
      ["airports"],
      /"airports" is not among the views of the feature catalog: airport_weather, flight[^]*→ at models\[0\]\.featureViews\[0\]/,
    ],
    [
      "dev",
      "features.catalog.views.0.eventTime",
      "when",
      /"when" is not a column of the data set weather[^]*→ at features\.catalog\.views\[0\]\.eventTime/,
    ],
    [
      "dev",
      "features.catalog.views.0.dataset",
      "trains",
      /"trains" is not among the datasets[^]*→ at features\.catalog\.views\[0\]\.dataset/,
    ],
    [
      "dev",
      "features.batch.0.features.1.column",
      "delay",
      /"delay" is not a column of the data set flights[^]*→ at features\.batch\[0\]\.features\[1\]\.column/,
    ],
    [
      "dev",
      "sources.0.dataset",
      "trains",
      /"trains" is not among the datasets[^]*→ at sources\[0\]\.dataset/,
    ],
    ["dev", "sources.0.queue", {}, /of one kind: .*; files and queue was given[^]*→ at sources\[0\]/],
    ["dev", "sources.0.files", undefined, /of one kind: .*; none was given[^]*→ at sources\[0\]/],
    ["dev", "sources.4.api.url", "http://example.com", /https is needed[^]*→ at sources\[4\]\.api\.url/],
    ["dev", "lineage", { endpointSecretArn: "arn:aws:x" }, /→ at lineage\.endpointSecretArn/],
    [
      "dev",
      "models.0.serving.minimumReplicas",
      1,
      /at least 2[^]*→ at models\[0\]\.serving\.minimumReplicas/,
    ],
    ["dev", "models.0.serving.maximumReplicas", 1, /→ at models\[0\]\.serving\.maximumReplicas/],
    [
      "dev",
      "models.0.retraining.schedule",
      "weekly",
      /EventBridge schedule[^]*→ at models\[0\]\.retraining\.schedule/,
    ],
    [
      "dev",
      "datasets.0.version",
      "7",
      /contracts\/flights\/7\.json is not there; of the versions of "flights" there are 1[^]*→ at datasets\[0\]\.version/,
    ],
    ["dev", "datasets.0.dataset", "trains", /of the versions of "trains" there is none/],
    ["dev", "datasets.0.compatibility", "sideways", /"backward"[^]*→ at datasets\[0\]\.compatibility/],
    [
      "dev",
      "datasets.0",
      { dataset: "flights", version: "1", table: false, glueDataQuality: true },
      /set table to true as well[^]*→ at datasets\[0\]\.glueDataQuality/,
    ],
  ];

  test.each(cases)("%s: %s = %j", (environment, place, value, message) => {
    expect(() => parsePlatformConfig(changed(rawConfig(environment), place, value))).toThrow(message);
  });

  test("every fault is reported at once", () => {
    const raw = changed(changed(rawConfig("dev"), "accountId", "12"), "cluster.version", "latest");
    expect(() => parsePlatformConfig(raw)).toThrow(/accountId[^]*cluster\.version/);
  });

  test("two models of one name", () => {
    const raw = rawConfig("dev");
    const models = raw.models as unknown[];
    expect(() => parsePlatformConfig({ ...raw, models: [...models, ...models] })).toThrow(
      /"flight-delays" is used twice[^]*→ at models\[1\]\.name/,
    );
  });
});
