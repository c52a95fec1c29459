import * as fs from "node:fs";
import * as path from "node:path";

import { Analyzer } from "@pulumi/pulumi/provider/experimental/analyzer";
import { getPulumiComponents } from "@pulumi/pulumi/provider/experimental/provider";
import { generateSchema, PackageSpec } from "@pulumi/pulumi/provider/experimental/schema";

import * as components from "../../components";

/**
 * The schema is what `pulumi package add` makes from the components for every language. A change in the snapshot is
 * a change for users: new optional inputs are fine, removed or renamed ones are not.
 */
describe("the schema of the components", () => {
  let schema: PackageSpec;
  const names = getPulumiComponents(components).map((component) => component.name);

  beforeAll(() => {
    const root = path.join(__dirname, "..", "..");
    const manifest = JSON.parse(fs.readFileSync(path.join(root, "package.json"), "utf8")) as object;
    const analyzer = new Analyzer(
      root,
      "mlops",
      { ...manifest, main: "components/index.ts" },
      new Set(names),
    );
    const { components: found, typeDefinitions, dependencies } = analyzer.analyze();
    // Versions of the package and of its dependencies move without a change of the schema.
    const unversioned = dependencies.map(({ name }) => ({ name }));
    schema = generateSchema("mlops", "0.0.0", "", found, typeDefinitions, unversioned);
  }, 120_000);

  test("holds every exported component", () => {
    expect(Object.keys(schema.resources).sort()).toEqual(names.map((name) => `mlops:index:${name}`).sort());
  });

  test("explains every component, input, output and type", () => {
    const silent: string[] = [];
    const note = (owner: string, described: { description?: string } | undefined): void => {
      if (!described?.description) silent.push(owner);
    };
    for (const [token, resource] of Object.entries(schema.resources)) {
      note(token, resource);
      for (const [input, property] of Object.entries(resource.inputProperties ?? {})) {
        note(`${token} input ${input}`, property);
      }
      for (const [output, property] of Object.entries(resource.properties ?? {})) {
        note(`${token} output ${output}`, property);
      }
    }
    for (const [token, type] of Object.entries(schema.types)) {
      for (const [field, property] of Object.entries(type.properties ?? {})) {
        note(`${token} field ${field}`, property);
      }
    }
    expect(silent).toEqual([]);
  });

  test("has not changed", () => {
    expect(schema).toMatchSnapshot();
  });
});
