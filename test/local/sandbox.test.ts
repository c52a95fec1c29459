import * as fs from "node:fs";
import * as net from "node:net";
import * as path from "node:path";
import { writePidFile } from "../../local/emulators/pid-file";
import { Sandbox } from "../../local/sandbox";
import { identify } from "../../local/toolchain/process-identity";
import { restoreEnvironmentAfterEach, temporaryFolder } from "./toolchain/fakes";

const folder = temporaryFolder();
let projects = 0;
const newProject = () => path.join(folder, `project-${projects++}`);

restoreEnvironmentAfterEach();
beforeEach(() => {
  delete process.env["MLOPS_PORT_BASE"];
  process.env["MLOPS_CACHE"] = path.join(folder, "cache");
});

function pretendToRun(sandbox: Sandbox): void {
  writePidFile(sandbox.paths.pids, "gateway", { ...identify(process.pid)!, fingerprint: "test" });
}

async function occupy(port: number): Promise<net.Server> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return server;
}

describe("the name", () => {
  it.each(["local", "a", "team-a", "x1", "a".repeat(30)])("may be %s", async (name) => {
    const sandbox = await Sandbox.open({ name, projectRoot: newProject() });
    expect(path.basename(sandbox.paths.root)).toBe(name);
  });

  it.each(["", "Local", "1st", "-a", "a-", "a/b", "..", "a b", "a".repeat(31)])(
    "may not be %j, and nothing is created",
    async (name) => {
      const projectRoot = newProject();
      await expect(Sandbox.open({ name, projectRoot })).rejects.toThrow(
        `The sandbox name "${name}" is not allowed`,
      );
      expect(fs.existsSync(projectRoot)).toBe(false);
    },
  );
});

describe("folders", () => {
  it("are created below .local/<name>, closed to other users", async () => {
    const { paths } = await Sandbox.open({ projectRoot: newProject() });
    for (const each of [paths.logs, paths.pids, paths.engineState, paths.pulumiHome]) {
      expect(fs.statSync(each).mode & 0o777).toBe(0o700);
      expect(each.startsWith(paths.root)).toBe(true);
    }
    expect(fs.existsSync(paths.kubeconfig)).toBe(false);
  });

  it("find() creates none", () => {
    const projectRoot = newProject();
    expect(Sandbox.find({ projectRoot })).toBeUndefined();
    expect(fs.existsSync(projectRoot)).toBe(false);
  });
});

describe("ports", () => {
  it("are chosen once and found again", async () => {
    const projectRoot = newProject();
    const { ports } = await Sandbox.open({ projectRoot });
    expect(new Set(Object.values(ports)).size).toBe(8);
    expect((await Sandbox.open({ projectRoot })).ports).toEqual(ports);
    expect(Sandbox.find({ projectRoot })?.ports).toEqual(ports);
  });

  it("differ between two sandboxes of one project, even while both are down", async () => {
    const projectRoot = newProject();
    const first = await Sandbox.open({ name: "first", projectRoot });
    const second = await Sandbox.open({ name: "second", projectRoot });
    const all = [...Object.values(first.ports), ...Object.values(second.ports)];
    expect(new Set(all).size).toBe(16);
    expect(Sandbox.names(projectRoot)).toEqual(["first", "second"]);
  });

  it("differ between sandboxes of two checkouts that are opened at the same moment", async () => {
    const roots = [newProject(), newProject(), newProject()];
    const opened = await Promise.all(roots.map((root) => Sandbox.open({ projectRoot: root })));
    const ports = opened.flatMap((sandbox) => Object.values(sandbox.ports));
    expect(new Set(ports).size).toBe(ports.length);
  });

  it("are chosen anew when somebody took one while the sandbox was down", async () => {
    const projectRoot = newProject();
    const before = await Sandbox.open({ projectRoot });
    const server = await occupy(before.ports.moto);
    const after = await Sandbox.open({ projectRoot });
    server.close();
    expect(Object.values(after.ports)).not.toContain(before.ports.moto);
    expect(Sandbox.find({ projectRoot })?.ports).toEqual(after.ports);
  });

  it("stay while the sandbox runs, though its own daemons take them", async () => {
    const projectRoot = newProject();
    const before = await Sandbox.open({ projectRoot });
    pretendToRun(before);
    const server = await occupy(before.ports.moto);
    const after = await Sandbox.open({ projectRoot });
    server.close();
    expect(after.ports).toEqual(before.ports);
  });

  it("are consecutive from a port base, given as option or by MLOPS_PORT_BASE", async () => {
    const fixed = await Sandbox.open({ projectRoot: newProject(), portBase: 31_000 });
    expect(Object.values(fixed.ports)).toEqual([31000, 31001, 31002, 31003, 31004, 31005, 31006, 31007]);
    process.env["MLOPS_PORT_BASE"] = "31100";
    const projectRoot = newProject();
    expect((await Sandbox.open({ projectRoot })).ports.gateway).toBe(31_100);
    expect((await Sandbox.open({ projectRoot, portBase: 31_200 })).ports.gateway).toBe(31_200);
  });

  it("from a port base are kept when one is taken: the start has to name the conflict", async () => {
    const projectRoot = newProject();
    const before = await Sandbox.open({ projectRoot, portBase: 31_300 });
    const server = await occupy(31_302);
    const after = await Sandbox.open({ projectRoot });
    server.close();
    expect(after.ports).toEqual(before.ports);
  });

  it("cannot be changed under running daemons", async () => {
    const projectRoot = newProject();
    pretendToRun(await Sandbox.open({ projectRoot }));
    await expect(Sandbox.open({ projectRoot, portBase: 31_400 })).rejects.toThrow(
      'Sandbox "local" still runs on other ports than port base 31400. End it first (npm run local -- down)',
    );
  });

  it.each([0, 1023, 65_529, 1.5, Number.NaN])("may not start at %p", async (portBase) => {
    await expect(Sandbox.open({ projectRoot: newProject(), portBase })).rejects.toThrow(
      `port base: ${portBase} is not allowed; give a whole number from 1024 to 65528`,
    );
  });

  it("MLOPS_PORT_BASE that is no number is named", async () => {
    process.env["MLOPS_PORT_BASE"] = "many";
    await expect(Sandbox.open({ projectRoot: newProject() })).rejects.toThrow(
      "MLOPS_PORT_BASE: many is not allowed",
    );
  });
});

it("a damaged sandbox.json is named with the way out", async () => {
  const projectRoot = newProject();
  const { paths } = await Sandbox.open({ projectRoot });
  fs.writeFileSync(path.join(paths.root, "sandbox.json"), "{");
  await expect(Sandbox.open({ projectRoot })).rejects.toThrow(
    /sandbox\.json cannot be read .* Delete that file/,
  );
});

it("clients are pointed at the gateway and away from the user's own AWS settings", async () => {
  const sandbox = await Sandbox.open({ projectRoot: newProject(), portBase: 31_500 });
  const environment = sandbox.awsEnvironment();
  expect(environment["AWS_ENDPOINT_URL"]).toBe("http://127.0.0.1:31500");
  for (const name of ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"]) {
    expect(fs.existsSync(environment[name]!)).toBe(false);
  }
});
