import { Compatibility, ContractRegistry } from "../../../components";
import { contractFromJsonSchema, JsonSchema } from "../../../components/contracts/contract-from-schema";
import { ColumnContract, ColumnType, DataContract } from "../../../components/contracts/data-contract";
import type { ContractHistoryArgs } from "../../../components/data-quality/contract-registry";
import { faultsOf } from "../../support/component-faults";
import { deployInMocks, valueOf } from "../../support/pulumi-mocks";
import { richContract } from "../quality-samples";

const id: ColumnContract = { name: "id", type: ColumnType.String };
const delay: ColumnContract = { name: "delay", type: ColumnType.Integer };
const version = (number: string, columns: ColumnContract[], more: Partial<DataContract> = {}): string =>
  JSON.stringify({ dataset: "flights", version: number, columns, ...more });

const deploy = (datasets: ContractHistoryArgs[], more: object = {}) =>
  deployInMocks(() => new ContractRegistry("contracts", { datasets, ...more }));
const refusal = (...datasets: ContractHistoryArgs[]) =>
  faultsOf(() => new ContractRegistry("contracts", { datasets }));

describe("the contract registry", () => {
  test("registers the newest version of each data set as a JSON Schema that gives the contract back", async () => {
    const newest = version("2", [id, { ...delay, nullable: true }]);
    const deployed = await deploy([
      { versions: [version("1", [id]), newest] },
      { versions: [JSON.stringify({ ...richContract, dataset: "rich" })], compatibility: Compatibility.Full },
    ]);
    expect(deployed.one("aws:glue/registry:Registry").inputs.registryName).toBe("test-contracts");
    const [flights, rich] = deployed.ofType("aws:glue/schema:Schema").map(({ inputs }) => inputs);
    expect(flights).toMatchObject({
      schemaName: "flights",
      dataFormat: "JSON",
      compatibility: "BACKWARD",
      registryArn: "arn:aws:glue:eu-west-1:123456789012:contracts",
    });
    const schema = JSON.parse(flights!.schemaDefinition as string) as JsonSchema;
    expect(schema.$schema).toBe("http://json-schema.org/draft-07/schema#");
    expect(contractFromJsonSchema(schema)).toEqual(JSON.parse(newest));
    expect(rich).toMatchObject({ schemaName: "rich", compatibility: "FULL" });
    expect(await valueOf(deployed.result.contracts)).toMatchObject({ flights: newest });
    expect(await valueOf(deployed.result.schemaArns)).toEqual({
      flights: "arn:aws:glue:eu-west-1:123456789012:contracts-flights",
      rich: "arn:aws:glue:eu-west-1:123456789012:contracts-rich",
    });
  });

  test("uses an existing registry", async () => {
    const existingRegistryArn = "arn:aws:glue:eu-west-1:123456789012:registry/company";
    const deployed = await deploy([{ versions: [version("1", [id])] }], { existingRegistryArn });
    expect(deployed.ofType("aws:glue/registry:Registry")).toEqual([]);
    expect(deployed.one("aws:glue/schema:Schema").inputs.registryArn).toBe(existingRegistryArn);
  });

  test("refuses a breaking step before anything is created: data set, versions, field and a way out", async () => {
    const faults = await refusal({ versions: [version("1", [id]), version("2", [id, delay])] });
    expect(faults).toMatchObject({ registered: 0, paths: ["datasets[0].versions[1]"] });
    expect(faults.message).toContain(
      'version 2 of "flights" breaks version 1: columns.delay: version 2 needs values in it',
    );
    expect(faults.message).toContain(
      "release the change as a data set of a new name, or set the compatibility None with a reason",
    );
  });

  test("checks every step, also one in the middle", async () => {
    const nullable = { ...delay, nullable: true };
    const steps = [version("1", [id]), version("2", [id, nullable]), version("3", [nullable])];
    expect((await refusal({ versions: steps })).paths).toEqual(["datasets[0].versions[2]"]);
    const forward = await refusal({ versions: steps, compatibility: Compatibility.Forward });
    expect(forward.paths).toEqual(["datasets[0].versions[1]", "datasets[0].versions[2]"]);
  });

  test("lets a breaking step pass where nothing is promised, for a reason", async () => {
    const versions = [version("1", [id]), version("2", [delay])];
    const compatibility = Compatibility.None;
    expect((await refusal({ versions, compatibility })).paths).toEqual(["datasets[0].reason"]);
    const deployed = await deploy([{ versions, compatibility, reason: "No reader yet." }]);
    expect(deployed.one("aws:glue/schema:Schema").inputs.compatibility).toBe("NONE");
  });

  test.each<[string, ContractHistoryArgs[], string, RegExp]>([
    ["no data set", [], "datasets", /at least one is needed/],
    ["no version", [{ versions: [] }], "datasets[0].versions", /at least one is needed/],
    ["no contract", [{ versions: ["x"] }], "datasets[0].versions[0]", /a data contract in JSON is needed/],
    [
      "a version twice",
      [{ versions: [version("1", [id]), version("1", [id])] }],
      "datasets[0].versions[1]",
      /the version 1 of "flights" was given twice/,
    ],
    [
      "two data sets in one history",
      [{ versions: [version("1", [id]), version("2", [id], { dataset: "trains" })] }],
      "datasets[0].versions[1]",
      /is about "flights", version 2 about "trains"/,
    ],
    [
      "a data set twice",
      [{ versions: [version("1", [id])] }, { versions: [version("2", [id])] }],
      "datasets",
      /the data set "flights" was given twice/,
    ],
  ])("refuses %s", async (_what, datasets, path, message) => {
    const faults = await refusal(...datasets);
    expect(faults).toMatchObject({ paths: [path], registered: 0 });
    expect(faults.message).toMatch(message);
  });
});
