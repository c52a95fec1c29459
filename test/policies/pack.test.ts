import * as fs from "node:fs";
import * as path from "node:path";

import type { ResourceValidationPolicy } from "@pulumi/policy";

import { configFor, definitions, policiesFor } from "../../policies/pack";
import { levelIn } from "../../policies/shared/definition";
import { environments } from "../../policies/shared/environment";
import { kmsRotation } from "../../policies/storage/kms-rotation";
import { resource, unknown } from "./support/fixture";
import { runRemediation } from "./support/run-policy";

const readme = fs.readFileSync(path.join(__dirname, "..", "..", "policies", "README.md"), "utf8");
const table = readme.split("\n## Policies\n")[1] ?? "";

test("the pack has at least 15 policies with names of their own", () => {
  const ids = definitions.map(({ details }) => details.id);
  expect(ids.length).toBeGreaterThanOrEqual(15);
  expect(new Set(ids).size).toBe(ids.length);
});

test.each(definitions.map(({ details, policy }) => [details.id, { details, policy }] as const))(
  "%s tells what it is",
  (id, { details, policy }) => {
    expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(policy).toMatchObject({
      name: id,
      description: expect.stringMatching(/^[A-Z].*\.$/),
      severity: expect.stringMatching(/^(low|medium|high|critical)$/),
      url: expect.stringMatching(/^https:\/\//),
      remediationSteps: expect.stringMatching(/\.$/),
      tags: expect.arrayContaining([`pillar:${details.pillar}`]),
    });
    expect(policy.tags).toHaveLength(1 + details.sources.length);
  },
);

test.each(definitions.map(({ details }) => [details.id, details] as const))(
  "%s has a default and a description for each setting",
  (_, details) => {
    for (const schema of Object.values(details.config ?? {})) {
      expect(schema.description).toMatch(/./);
      expect(schema.default).toBeDefined();
      if (schema.type === "object") expect(Object.keys(schema.default as object)).toEqual(environments);
    }
  },
);

test("levels follow the environment", () => {
  const level = (environment: "dev" | "prod") =>
    policiesFor(environment).find(({ name }) => name === "image-by-digest")?.enforcementLevel;
  expect(level("dev")).toBe("advisory");
  expect(level("prod")).toBe("mandatory");
});

test.each(environments)(
  "the configuration for %s states environment and level of every policy",
  (environment) => {
    const config = configFor(environment);
    expect(Object.keys(config)).toEqual(definitions.map(({ details }) => details.id));
    for (const { details } of definitions) {
      expect(config[details.id]).toEqual({ environment, enforcementLevel: levelIn(details, environment) });
    }
  },
);

test.each(definitions.map(({ details }) => [details.id, details] as const))(
  "the README lists %s",
  (id, details) => {
    const row = table.split("\n").find((line) => line.startsWith(`| \`${id}\``));
    const cells = row?.split("|").map((cell) => cell.trim());
    const references = [details.framework?.reference, ...details.sources].filter(Boolean);
    expect(cells?.slice(2, 8)).toEqual([
      details.description,
      details.severity,
      ...environments.map((environment) => levelIn(details, environment)),
    ]);
    expect(cells?.[8]).toBe(references.length === 0 ? "–" : references.join(", "));
  },
);

test("the remediation switches rotation on and keeps the other inputs", async () => {
  const key = resource("aws:kms/key:Key", "key", { description: "data", enableKeyRotation: false });
  expect(await runRemediation(kmsRotation, key)).toEqual({ description: "data", enableKeyRotation: true });
});

test.each([
  ["rotates already", { enableKeyRotation: true }],
  ["cannot rotate", { customerMasterKeySpec: "RSA_4096" }],
  ["is not known", { enableKeyRotation: unknown }],
])("the remediation leaves a key alone that %s", async (_, props) => {
  expect(await runRemediation(kmsRotation, resource("aws:kms/key:Key", "key", props))).toBeUndefined();
});

test("only policies on single resources remediate", () => {
  for (const { policy } of definitions) {
    const { remediateResource, validateResource } = policy as ResourceValidationPolicy;
    if (remediateResource !== undefined) expect(validateResource).toBeDefined();
  }
});
