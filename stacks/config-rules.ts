import type { DataContract } from "../components/contracts/data-contract";
import { entityOfView } from "../components/contracts/feature-definition";
import { Environment } from "./environment";
import type { PlatformConfig } from "./platform-config";

/** A fault of the configuration and the path of its field. */
export interface ConfigFault {
  path: PropertyKey[];
  message: string;
}

/** Faults that no single field shows. */
export function crossFieldFaults(config: PlatformConfig): ConfigFault[] {
  return [
    ...environmentFaults(config),
    ...repeatedNames(config.datasets, "datasets", "dataset"),
    ...repeatedNames(config.sources, "sources", "name"),
    ...repeatedNames(config.models, "models", "name"),
    ...sourceFaults(config),
    ...referenceFaults(config),
    ...viewFaults(config),
    ...batchFaults(config),
    ...modelFaults(config),
  ];
}

function environmentFaults(config: PlatformConfig): ConfigFault[] {
  const faults: ConfigFault[] = [];
  const isProd = config.environment === Environment.Prod;
  if (config.forceDestroyData && !config.allowDataLoss) {
    const message = "deleting data takes two keys; set allowDataLoss to true as well, or leave this false";
    faults.push({ path: ["forceDestroyData"], message });
  }
  if (isProd && config.allowDataLoss) {
    faults.push({ path: ["allowDataLoss"], message: "must be false in prod" });
  }
  const { deletionWindowDays } = config.encryption;
  if (isProd && deletionWindowDays < 30) {
    const message = `must be 30 in prod, ${deletionWindowDays} was given`;
    faults.push({ path: ["encryption", "deletionWindowDays"], message });
  }
  return faults;
}

function repeatedNames<Field extends string>(
  items: Record<Field, string>[],
  list: string,
  field: Field,
): ConfigFault[] {
  const names = items.map((item) => item[field]);
  return names.flatMap((name, index) =>
    names.indexOf(name) === index
      ? []
      : [{ path: [list, index, field], message: `"${name}" is used twice; names must be unique` }],
  );
}

/** A fault when a name is not that of a data set. */
function unknownDataset({ datasets }: PlatformConfig, name: string, path: PropertyKey[]): ConfigFault[] {
  const known = datasets.map(({ dataset }) => dataset);
  return known.includes(name)
    ? []
    : [{ path, message: `"${name}" is not among the datasets: ${known.join(", ")}` }];
}

/** A fault when a name is not that of a column. */
function unknownColumn(contract: DataContract, name: string, path: PropertyKey[]): ConfigFault[] {
  const known = contract.columns.map((column) => column.name);
  const message = `"${name}" is not a column of the data set ${contract.dataset}: ${known.join(", ")}`;
  return known.includes(name) ? [] : [{ path, message }];
}

const contractOf = ({ datasets }: PlatformConfig, name: string): DataContract | undefined =>
  datasets.find(({ dataset }) => dataset === name)?.contract;

function sourceFaults(config: PlatformConfig): ConfigFault[] {
  return config.sources.flatMap(({ dataset }, index) =>
    unknownDataset(config, dataset, ["sources", index, "dataset"]),
  );
}

/** Columns that point at other data sets. */
function referenceFaults(config: PlatformConfig): ConfigFault[] {
  return config.datasets.flatMap(({ contract }, index) =>
    contract.columns.flatMap(({ name, references }) => {
      if (references === undefined) return [];
      const path = ["datasets", index, "version"];
      const target = contractOf(config, references.dataset);
      const faults =
        target === undefined
          ? unknownDataset(config, references.dataset, path)
          : unknownColumn(target, references.column, path);
      return faults.map(({ message }) => ({ path, message: `column ${name} refers to ${message}` }));
    }),
  );
}

function viewFaults(config: PlatformConfig): ConfigFault[] {
  const { catalog } = config.features;
  return catalog.views.flatMap((view, index) => {
    const at = ["features", "catalog", "views", index];
    const contract = contractOf(config, view.dataset);
    if (contract === undefined) return unknownDataset(config, view.dataset, [...at, "dataset"]);
    const keys = entityOfView(catalog, view)?.joinKeys ?? [];
    return [
      ...keys.flatMap(({ name }) => unknownColumn(contract, name, [...at, "entity"])),
      ...unknownColumn(contract, view.eventTime, [...at, "eventTime"]),
      ...view.features.flatMap(({ name }, feature) =>
        unknownColumn(contract, name, [...at, "features", feature, "name"]),
      ),
    ];
  });
}

function batchFaults(config: PlatformConfig): ConfigFault[] {
  return config.features.batch.flatMap((view, index) => {
    const at = ["features", "batch", index];
    const contract = contractOf(config, view.dataset);
    if (contract === undefined) return unknownDataset(config, view.dataset, [...at, "dataset"]);
    return [
      ...view.entity.flatMap((name, key) => unknownColumn(contract, name, [...at, "entity", key])),
      ...unknownColumn(contract, view.eventTimeColumn, [...at, "eventTimeColumn"]),
      ...view.features.flatMap(({ column }, feature) =>
        column === undefined ? [] : unknownColumn(contract, column, [...at, "features", feature, "column"]),
      ),
    ];
  });
}

function modelFaults(config: PlatformConfig): ConfigFault[] {
  const views = config.features.catalog.views.map(({ name }) => name);
  return config.models.flatMap((model, index) => {
    const at = ["models", index];
    const faults = unknownDataset(config, model.dataset, [...at, "dataset"]);
    model.featureViews.forEach((name, view) => {
      if (views.includes(name)) return;
      const message = `"${name}" is not among the views of the feature catalog: ${views.join(", ")}`;
      faults.push({ path: [...at, "featureViews", view], message });
    });
    if (config.environment === Environment.Prod && !model.serving.image.includes("@sha256:")) {
      const message = "must be pinned by digest (@sha256:…) in prod";
      faults.push({ path: [...at, "serving", "image"], message });
    }
    return faults;
  });
}
