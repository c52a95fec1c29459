import * as path from "node:path";

/** Where SageMaker's containers find everything. */
export const containerRoot = "/opt/ml";

/** A path character before it means that `/opt/ml` is the tail of some other path. */
const mention = /(?<![\w.-])\/opt\/ml(?![\w.-])/g;

/** Folder of a job that stands for `/opt/ml`. */
export const localRoot = (jobRoot: string): string => path.join(jobRoot, "opt", "ml");

/** The text with every mention of `/opt/ml` led to the job's own folder. */
export function toLocal(text: string, jobRoot: string): string {
  return text.replace(mention, () => localRoot(jobRoot));
}
