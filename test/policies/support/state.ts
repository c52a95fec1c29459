import { type Case, type Fixture, urnOf } from "./fixture";

/** The state file that `pulumi stack export` would write for a case. */
export function stateOf({ resources, stack = "prod" }: Case): object {
  const stackType = "pulumi:pulumi:Stack";
  const stackUrn = urnOf({ type: stackType, name: `platform-${stack}` }, stack);
  const urns = (names: string[]) =>
    resources.filter(({ name }) => names.includes(name)).map((fixture) => urnOf(fixture, stack));
  const entry = (fixture: Fixture) => ({
    urn: urnOf(fixture, stack),
    custom: true,
    id: fixture.name,
    type: fixture.type,
    inputs: fixture.props,
    outputs: fixture.props,
    parent: stackUrn,
    protect: fixture.protect ?? false,
    dependencies: urns(Object.values(fixture.computedFrom ?? {}).flat()),
    propertyDependencies: Object.fromEntries(
      Object.entries(fixture.computedFrom ?? {}).map(([property, names]) => [property, urns(names)]),
    ),
  });
  return {
    version: 3,
    deployment: {
      manifest: { time: "2026-01-01T00:00:00Z", magic: "", version: "" },
      resources: [{ urn: stackUrn, custom: false, type: stackType }, ...resources.map(entry)],
    },
  };
}
