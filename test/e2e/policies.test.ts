import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { prepareTools } from "../../local/engine/tools";
import { ensurePulumi } from "../../local/toolchain";
import { buildPolicies } from "../../policies/build";
import { definitions } from "../../policies/pack";
import { casesByPolicy } from "../policies/cases";
import { type Case, one, type PolicyCases, resource, unknown } from "../policies/support/fixture";
import { stateOf } from "../policies/support/state";

const pack = path.join(__dirname, "..", "..", "policies");
const config = (environment: string) => path.join(pack, "dist", "config", `${environment}.json`);
const ids = definitions.map(({ details }) => details.id);
/** How the SDK and the pack begin a notice about what is unknown. */
const notice = "during preview: undecided for";
const toolchainMilliseconds = 15 * 60_000;
jest.setTimeout(120_000);

interface PolicyEvent {
  policyName: string;
  resourceUrn?: string;
  message: string;
  enforcementLevel: string;
}

interface Analysis {
  exitCode: number;
  violations: PolicyEvent[];
  remediations: { policyName: string; after: Record<string, unknown> }[];
  stderr: string;
}

let folder: string;
let files = 0;

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "policies-"));
  prepareTools(folder, await ensurePulumi());
  await buildPolicies();
}, toolchainMilliseconds);

afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

function write(content: unknown): string {
  const file = path.join(folder, `${++files}.json`);
  fs.writeFileSync(file, JSON.stringify(content));
  return file;
}

function eventsIn<T>(stdout: string, name: string): T[] {
  const lines = stdout.split("\n").filter((line) => line.startsWith("{"));
  return lines.map((line) => JSON.parse(line) as Record<string, T>).flatMap((event) => event[name] ?? []);
}

/** Lets the engine judge a state with the pack as it is shipped. */
function analyze(testCase: Case, configFile?: string): Promise<Analysis> {
  const options = configFile === undefined ? [] : ["--policy-pack-config", configFile];
  const state = write(stateOf(testCase));
  const environment = {
    ...process.env,
    PATH: `${path.join(folder, "bin")}${path.delimiter}${process.env["PATH"] ?? ""}`,
    PULUMI_HOME: path.join(folder, "home"),
    PULUMI_SKIP_UPDATE_CHECK: "true",
  };
  return new Promise((resolve, reject) => {
    execFile(
      path.join(folder, "bin", "pulumi"),
      ["policy", "analyze", "--json", "--file", state, "--policy-pack", pack, ...options],
      { env: environment, cwd: folder, maxBuffer: 1e8 },
      (error, stdout, stderr) => {
        const exitCode = error === null ? 0 : error.code;
        if (typeof exitCode !== "number") return reject(error ?? new Error("no exit code"));
        resolve({
          exitCode,
          violations: eventsIn<PolicyEvent>(stdout, "policyEvent"),
          remediations: eventsIn(stdout, "policyRemediationEvent"),
          stderr,
        });
      },
    );
  });
}

type Kind = "passing" | "failing" | "unknown";

/** The first case of a policy that needs neither settings nor another stack, so that it fits into a common state. */
function plainCase<K extends Kind>(id: string, kind: K): PolicyCases[K][number] {
  const plain = casesByPolicy[id]![kind].find(
    ({ config, stack }) => config === undefined && stack === undefined,
  );
  if (plain === undefined) throw new Error(`${id} has no ${kind} case without settings`);
  return plain;
}

/** One case of every policy in one state; the names tell the cases apart. */
function together(kind: Kind): Case {
  const resources = ids.flatMap((id) => {
    const named = (name: string) => `${id}--${name}`;
    return plainCase(id, kind).resources.map((fixture) => ({
      ...fixture,
      name: named(fixture.name),
      computedFrom: Object.fromEntries(
        Object.entries(fixture.computedFrom ?? {}).map(([property, names]) => [property, names.map(named)]),
      ),
    }));
  });
  return { it: kind, resources };
}

/** What a policy said about the resources of its own case. */
function ownViolations({ violations }: Analysis, id: string): { name: string; event: PolicyEvent }[] {
  return violations
    .filter(({ policyName }) => policyName === id)
    .map((event) => ({ name: event.resourceUrn?.split("::").at(-1) ?? "", event }))
    .filter(({ name, event }) => name.startsWith(`${id}--`) && !event.message.includes(notice))
    .map(({ name, event }) => ({ name: name.slice(id.length + 2), event }));
}

describe("each policy in the engine", () => {
  let analyses: Record<Kind, Analysis>;

  beforeAll(async () => {
    analyses = {
      passing: await analyze(together("passing")),
      failing: await analyze(together("failing")),
      unknown: await analyze(together("unknown")),
    };
  });

  test.each(ids)("%s lets its passing case through", (id) => {
    expect(ownViolations(analyses.passing, id)).toEqual([]);
  });

  test.each(ids)("%s stops its failing case", (id) => {
    const expected = plainCase(id, "failing").violations;
    const found = ownViolations(analyses.failing, id);
    expect(found.map(({ name }) => name).sort()).toEqual(expected.map(([name]) => name).sort());
    const messages = found.map(({ event }) => event.message).join("\n");
    for (const [, part] of expected) expect(messages).toContain(part);
    for (const { event } of found) expect(event.enforcementLevel).toBe("mandatory");
    expect(analyses.failing.exitCode).toBe(1);
  });

  test.each(ids)("%s tells what it cannot decide", (id) => {
    const { undecided, violations = [] } = plainCase(id, "unknown");
    const notices = analyses.unknown.violations.filter(
      ({ policyName, message }) => policyName === id && message.includes(notice),
    );
    for (const { enforcementLevel } of notices) expect(enforcementLevel).toBe("advisory");
    const told = notices.map(({ message }) => message).join("\n");
    for (const place of undecided) expect(told).toContain(place);
    expect(ownViolations(analyses.unknown, id).map(({ name }) => name)).toEqual(
      violations.map(([name]) => name),
    );
  });
});

const tagged = resource("kubernetes:core/v1:Pod", "pod", {
  metadata: { namespace: "kube-system" },
  spec: {
    containers: [
      { name: "c", image: "server:1", resources: { requests: { cpu: 1, memory: 1 }, limits: { memory: 1 } } },
    ],
  },
});
const selectsAll = resource("kubernetes:networking.k8s.io/v1:NetworkPolicy", "rules", {
  metadata: { namespace: "kube-system" },
  spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
});
const taggedImage: Case = { it: "runs a tag", resources: [tagged, selectsAll] };

test.each([
  ["dev", 0, "advisory"],
  ["prod", 1, "mandatory"],
])("the shipped configuration for %s sets the levels", async (environment, exitCode, level) => {
  const analysis = await analyze(taggedImage, config(environment));
  const summary = analysis.violations.map(({ policyName, enforcementLevel }) => [
    policyName,
    enforcementLevel,
  ]);
  expect(summary).toEqual([["image-by-digest", level]]);
  expect(analysis.exitCode).toBe(exitCode);
});

test("a pack that starts without a stack takes the levels of prod", async () => {
  expect(await analyze(taggedImage)).toMatchObject({
    exitCode: 1,
    violations: [{ enforcementLevel: "mandatory" }],
  });
});

test("the engine refuses a setting of the wrong type and names it", async () => {
  const wrong = write({ "log-retention": { minimumDays: { prod: "thirty" } } });
  const { exitCode, stderr } = await analyze(taggedImage, wrong);
  expect(exitCode).not.toBe(0);
  expect(stderr).toContain("log-retention: minimumDays.prod: Invalid type. Expected: integer, given: string");
});

test("at the level remediate the engine is given a key that rotates", async () => {
  const key = one("does not rotate", resource("aws:kms/key:Key", "key", { description: "data" }));
  const { remediations } = await analyze(key, write({ "kms-rotation": "remediate" }));
  expect(remediations).toMatchObject([
    { policyName: "kms-rotation", after: { description: "data", enableKeyRotation: true } },
  ]);
});

test("an unknown value ends neither the other policies nor the other resources", async () => {
  const testCase: Case = {
    it: "is half known",
    resources: [
      resource("aws:iam/policy:Policy", "late", { policy: unknown }),
      resource("aws:iam/policy:Policy", "wide", {
        policy: JSON.stringify({ Statement: [{ Effect: "Allow", Action: "*" }] }),
      }),
    ],
  };
  const { violations } = await analyze(testCase);
  const summary = violations.map(({ policyName, enforcementLevel }) => [policyName, enforcementLevel]);
  expect(summary.sort()).toEqual([
    ["iam-no-star", "advisory"],
    ["iam-no-star", "mandatory"],
  ]);
});

// The time itself depends on the machine; what costs seconds is loading the SDK of a provider or compiling TypeScript.
test("the compiled pack loads nothing but the SDK of policies", () => {
  const code = fs.readFileSync(path.join(pack, "dist", "index.js"), "utf8");
  const required = [...code.matchAll(/require\("([^"]+)"\)/g)].map(([, module]) => module);
  expect(new Set(required)).toEqual(new Set(["@pulumi/policy", "@pulumi/pulumi"]));
});
