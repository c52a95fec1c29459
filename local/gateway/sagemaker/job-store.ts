import * as fs from "node:fs";
import * as path from "node:path";

import { createdAt, Job, JobKind } from "./job";

/** Every job as a JSON file in its own folder, so that a restarted gateway still knows it. */
export class JobStore {
  private readonly jobs = new Map<string, Job>();

  constructor(private readonly root: string) {
    for (const kind of Object.values(JobKind)) this.load(kind);
  }

  private load(kind: JobKind): void {
    const folder = path.join(this.root, "jobs", kind);
    const names = fs.existsSync(folder) ? fs.readdirSync(folder) : [];
    for (const name of names) {
      const file = path.join(folder, name, "job.json");
      if (!fs.existsSync(file)) continue;
      this.jobs.set(`${kind}/${name}`, JSON.parse(fs.readFileSync(file, "utf8")) as Job);
    }
  }

  /** Folder of a job. */
  folder(kind: JobKind, name: string): string {
    return path.join(this.root, "jobs", kind, name);
  }

  get(kind: JobKind, name: string): Job | undefined {
    return this.jobs.get(`${kind}/${name}`);
  }

  /** Jobs of one kind, newest first. */
  list(kind: JobKind): Job[] {
    const own = [...this.jobs.values()].filter((job) => job.kind === kind);
    return own.sort((left, right) => createdAt(right) - createdAt(left));
  }

  byArn(arn: string): Job | undefined {
    return [...this.jobs.values()].find((job) => job.arn === arn);
  }

  /** Keeps the job, whole or not at all: a gateway killed while writing leaves the earlier file. */
  save(job: Job): void {
    this.jobs.set(`${job.kind}/${job.name}`, job);
    const folder = this.folder(job.kind, job.name);
    fs.mkdirSync(folder, { recursive: true });
    const draft = path.join(folder, "job.json.new");
    fs.writeFileSync(draft, JSON.stringify(job, undefined, 2));
    fs.renameSync(draft, path.join(folder, "job.json"));
  }
}
