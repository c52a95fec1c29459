import * as fs from "node:fs";
import * as path from "node:path";

import type { ActivityInput } from "./translate";

/** A task that the worker has taken and not yet answered. */
export interface HeldTask {
  /** Token that Step Functions wants back. */
  token: string;
  activityArn: string;
  /** The integration that the activity stands for. */
  integration: string;
  input: ActivityInput;
  /** Millisecond since 1970 at which the task was taken. */
  takenAt: number;
}

/** The held tasks as files: an emulator hands a task out once, so a restarted gateway has to know it. */
export class TaskStore {
  private readonly folder: string;

  constructor(root: string) {
    this.folder = path.join(root, "tasks");
    fs.mkdirSync(this.folder, { recursive: true });
  }

  all(): HeldTask[] {
    const files = fs.readdirSync(this.folder).filter((name) => name.endsWith(".json"));
    return files.map((name) => JSON.parse(fs.readFileSync(path.join(this.folder, name), "utf8")) as HeldTask);
  }

  save(task: HeldTask): void {
    const file = this.file(task.token);
    fs.writeFileSync(`${file}.new`, JSON.stringify(task));
    fs.renameSync(`${file}.new`, file);
  }

  remove(token: string): void {
    fs.rmSync(this.file(token), { force: true });
  }

  private file(token: string): string {
    return path.join(this.folder, `${encodeURIComponent(token)}.json`);
  }
}
