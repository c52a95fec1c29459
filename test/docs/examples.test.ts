/** What docs/data.md shows is what the program takes. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";

import { Compatibility, compatibilityFaults } from "../../components/contracts/contract-compatibility";
import { contractSchema } from "../../components/contracts/contract-schema";
import { ColumnType, DataContract } from "../../components/contracts/data-contract";
import { dataQualityRules, rulesFault } from "../../components/data-quality/data-quality-rules";
import { parsePlatformConfig } from "../../stacks/config";
import { contractsFolder, datasetSchema } from "../../stacks/dataset-config";
import { featuresSchema } from "../../stacks/features-config";
import { deployPlatform } from "../../stacks/platform";
import { sourceSchema } from "../../stacks/source-config";
import { deployInMocks } from "../support/pulumi-mocks";

const root = path.join(__dirname, "..", "..");
const document = fs.readFileSync(path.join(root, "docs", "data.md"), "utf8");

/** The fenced blocks of a language, without their fences. */
function blocks(language: string): string[] {
  const fence = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "gms");
  return [...document.matchAll(fence)].map(([, text]) => text as string);
}

const yaml = blocks("yaml").map((text) => parse(text) as Record<string, unknown>);
const valuesOf = (key: string): unknown[] => yaml.flatMap((block) => (key in block ? [block[key]] : []));
const sources = valuesOf("sources").flat() as { name: string }[];
const datasets = valuesOf("datasets").flat() as { dataset: string; glueDataQuality?: boolean }[];
const features = valuesOf("features");
const contracts = blocks("json").map((text) => contractSchema.parse(JSON.parse(text)));
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "contracts-"));

beforeAll(() => {
  fs.cpSync(contractsFolder, folder, { recursive: true });
  for (const contract of contracts) {
    fs.mkdirSync(path.join(folder, contract.dataset), { recursive: true });
    fs.writeFileSync(
      path.join(folder, contract.dataset, `${contract.version}.json`),
      JSON.stringify(contract),
    );
  }
});

afterAll(() => fs.rmSync(folder, { recursive: true }));

test("every block of YAML is about something that is checked here", () => {
  const keys = new Set(yaml.flatMap((block) => Object.keys(block)));
  expect(keys).toEqual(new Set(["sources", "datasets", "features"]));
});

test("every kind of source has an example", () => {
  const common = ["name", "dataset", "owner", "classification"];
  const kinds = sources.flatMap((source) => Object.keys(source).filter((key) => !common.includes(key)));
  const known = Object.keys(sourceSchema.shape).filter((key) => !common.includes(key));
  expect(kinds.sort()).toEqual(known.sort());
});

test.each(sources.map((source) => [source.name, source] as const))("the source %s is one", (_, source) => {
  expect(sourceSchema.parse(source)).toMatchObject(source);
});

test.each(datasets.map((dataset) => [dataset.dataset, dataset] as const))(
  "the data set %s is one",
  (name, dataset) => {
    const { contract } = datasetSchema(folder).parse(dataset);
    expect(contract.dataset).toBe(name);
    if (dataset.glueDataQuality === true) {
      expect(rulesFault(contract)).toBeUndefined();
      expect(dataQualityRules(contract)).toContain("Rules");
    }
  },
);

test("the features are a catalog", () => {
  expect(features).toHaveLength(1);
  expect(featuresSchema.parse(features[0])).toMatchObject(features[0] as object);
});

test("all together they are a platform that can be composed", async () => {
  const local = parse(fs.readFileSync(path.join(root, "Pulumi.local.yaml"), "utf8")) as {
    config: Record<string, Record<string, unknown>>;
  };
  const raw = local.config["mlops:platform"] as { models: object[] };
  const models = raw.models.map((model) => ({ ...model, featureViews: ["airport_weather"] }));
  const config = parsePlatformConfig({ ...raw, models, datasets, sources, features: features[0] }, folder);
  const { resources } = await deployInMocks(() => {
    pulumi.runtime.setConfig("mlops:order-broker-password", "a-password-for-this-test");
    return deployPlatform(config);
  });
  const made = resources.filter(({ type }) => /^mlops:index:\w+Source$/.test(type)).map(({ name }) => name);
  expect(made.sort()).toEqual(sources.map(({ name }) => name).sort());
});

describe("the table of changes", () => {
  const base: DataContract = {
    dataset: "orders",
    version: "1",
    columns: [
      { name: "kept", type: ColumnType.String },
      { name: "whole", type: ColumnType.Integer, minimum: 0, maximum: 10 },
      { name: "broken", type: ColumnType.Number, minimum: 0, maximum: 10 },
      { name: "word", type: ColumnType.String, allowed: ["a", "b"] },
      { name: "optional", type: ColumnType.String, nullable: true },
    ],
  };
  const changed = (name: string, change: object): DataContract["columns"] =>
    base.columns.map((column) => (column.name === name ? { ...column, ...change } : column));
  const without = (name: string): DataContract["columns"] =>
    base.columns.filter((column) => column.name !== name);
  const added = (column: object): DataContract["columns"] => [
    ...base.columns,
    { name: "new", type: ColumnType.String, ...column },
  ];
  const changes: Record<string, Partial<DataContract>[]> = {
    "add a nullable column": [{ columns: added({ nullable: true }) }],
    "add a column that must have a value": [{ columns: added({}) }],
    "remove or rename a column": [
      { columns: without("kept") },
      { columns: changed("kept", { name: "new" }) },
    ],
    "remove a nullable column": [{ columns: without("optional") }],
    "integer to number; wider range; more allowed values": [
      { columns: changed("whole", { type: ColumnType.Number }) },
      { columns: changed("whole", { maximum: 11 }) },
      { columns: changed("word", { allowed: ["a", "b", "c"] }) },
    ],
    "number to integer; narrower range; fewer allowed values": [
      { columns: changed("broken", { type: ColumnType.Integer }) },
      { columns: changed("broken", { maximum: 9 }) },
      { columns: changed("word", { allowed: ["a"] }) },
    ],
    "a column becomes nullable": [{ columns: changed("kept", { nullable: true }) }],
    "bad-row share, anomalies, tolerance for the future": [
      { maximumBadRowShare: 0.5 },
      { anomalies: { volumeFactor: 2 } },
      { futureToleranceSeconds: 0 },
    ],
  };

  test.each(Object.entries(changes))("is right about: %s", (change, versions) => {
    const row = document.split("\n").find((line) => line.startsWith(`| ${change} `));
    const [, , backward, forward] = (row ?? "").split("|").map((cell) => cell.trim());
    const answer = (newer: Partial<DataContract>, mode: Compatibility): string =>
      compatibilityFaults(base, { ...base, version: "2", ...newer }, mode).length === 0 ? "yes" : "refused";
    for (const newer of versions) {
      expect([answer(newer, Compatibility.Backward), answer(newer, Compatibility.Forward)]).toEqual([
        backward,
        forward,
      ]);
    }
  });
});

test("the refusal that is shown is the one that is given", () => {
  const older = contracts.find(({ dataset }) => dataset === "orders") as DataContract;
  const columns = older.columns.map((column) =>
    column.name === "amount_euros" ? { ...column, maximum: 100 } : column,
  );
  const [fault] = compatibilityFaults(older, { ...older, version: "2", columns }, Compatibility.Backward);
  expect(document.replace(/\n> /g, " ")).toContain(fault);
});

test("every link leads to a file", () => {
  const folders = ["docs", "docs/runbooks", "docs/adr"];
  const files = [
    path.join(root, "README.md"),
    ...folders.flatMap((name) =>
      fs
        .readdirSync(path.join(root, name))
        .filter((file) => file.endsWith(".md"))
        .map((file) => path.join(root, name, file)),
    ),
  ];
  const broken = files.flatMap((file) =>
    [...fs.readFileSync(file, "utf8").matchAll(/\]\((?!https?:)([^)#]+)/g)]
      .map(([, link]) => path.resolve(path.dirname(file), link as string))
      .filter((target) => !fs.existsSync(target))
      .map((target) => `${path.relative(root, file)} -> ${path.relative(root, target)}`),
  );
  expect(broken).toEqual([]);
});
