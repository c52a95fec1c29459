import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { z } from "zod";

import { datasetSchema } from "../../stacks/dataset-config";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "contracts-"));
afterAll(() => fs.rmSync(folder, { recursive: true }));

const column = { name: "id", type: "string" };

function write(dataset: string, version: string, contract: unknown): void {
  fs.mkdirSync(path.join(folder, dataset), { recursive: true });
  fs.writeFileSync(path.join(folder, dataset, `${version}.json`), JSON.stringify(contract));
}

function faultsOf(config: unknown): string {
  const result = datasetSchema(folder).safeParse(config);
  return result.success ? "" : z.prettifyError(result.error);
}

test("a data set has all versions of its contract up to the one in use, by number", () => {
  for (const version of ["1", "2", "10", "11"]) {
    write("ordered", version, { dataset: "ordered", version, columns: [column] });
  }
  const definition = datasetSchema(folder).parse({ dataset: "ordered", version: "10" });
  expect(definition.releasedContracts.map(({ version }) => version)).toEqual(["1", "2", "10"]);
  expect(definition.contract.version).toBe("10");
});

test("a contract may be a JSON Schema", () => {
  write("schema", "1", {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    type: "object",
    properties: { id: { type: "string" }, price: { type: "number", minimum: 0 } },
    required: ["id"],
    additionalProperties: false,
  });
  const { contract } = datasetSchema(folder).parse({ dataset: "schema", version: "1" });
  expect(contract).toMatchObject({
    dataset: "schema",
    version: "1",
    columns: [
      { name: "id", type: "string" },
      { name: "price", type: "number", minimum: 0, nullable: true },
    ],
  });
});

test.each<[string, unknown, Record<string, unknown>, RegExp]>([
  [
    "is of another data set",
    { dataset: "other", version: "1", columns: [column] },
    {},
    /contracts\/faulty\/1\.json says it is version 1 of "other"/,
  ],
  [
    "breaks the schema of contracts",
    { dataset: "faulty", version: "1", columns: [{ ...column, minimum: 3 }] },
    {},
    /contracts\/faulty\/1\.json: .*integer and number only[^]*columns\[0\]\.type/,
  ],
  [
    "has no key although its records are to be recognised",
    { dataset: "faulty", version: "1", columns: [column] },
    { recordDeduplicationDays: 3 },
    /recordDeduplicationDays needs a primaryKey/,
  ],
])("a contract that %s is a fault of the configuration", (_case, contract, config, message) => {
  write("faulty", "1", contract);
  expect(faultsOf({ dataset: "faulty", version: "1", ...config })).toMatch(message);
});
