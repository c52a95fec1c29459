export { cacheRoot } from "./cache";
export { flightsDataset } from "./dataset";
export { type DoctorFinding, runDoctor } from "./doctor";
export { type KubernetesBinaries, type KubernetesOptions, ensureKubernetes } from "./kubernetes";
export { type Progress, formatDuration, noProgress, timed } from "./progress";
export { ensurePulumi } from "./pulumi";
export { ensurePython } from "./python";
export { versions } from "./versions";
