import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { Compatibility, compatibilityFaults } from "../contracts/contract-compatibility";
import { jsonSchemaOf } from "../contracts/contract-to-schema";
import type { DataContract } from "../contracts/data-contract";
import { CommonArgs } from "../shared/common-args";
import { physicalName } from "../shared/physical-name";
import { ArgumentChecker } from "../shared/validation";
import { parseContract } from "./contract-check";

/** The released contracts of one data set. */
export interface ContractHistoryArgs {
  /** Every released version, oldest first, each a `DataContract` as JSON. The newest is registered. */
  versions: string[];
  /** What each version promises to the one before. @default Backward */
  compatibility?: Compatibility;
  /** Why nothing is promised; needed with the compatibility None. */
  reason?: string;
}

/** Arguments of {@link ContractRegistry}. */
export interface ContractRegistryArgs extends CommonArgs {
  /** ARN of an existing Glue schema registry. @default a new registry */
  existingRegistryArn?: pulumi.Input<string>;
  /** The data sets. */
  datasets: ContractHistoryArgs[];
}

/**
 * Keeps the contracts of data sets in a Glue schema registry, as JSON Schemas that producers and consumers look up, and
 * refuses a version that breaks the promise to the version before: with the field named, before anything is created.
 *
 * The program holds the whole history, so the check needs no call to AWS and works in a preview. Glue checks once more
 * when it registers the version.
 */
export class ContractRegistry extends pulumi.ComponentResource {
  /** ARN of the registry. */
  public readonly registryArn: pulumi.Output<string>;
  /** ARN of each data set's schema, by data set. */
  public readonly schemaArns: pulumi.Output<Record<string, string>>;
  /** Newest contract of each data set as JSON, by data set: what a `DataValidator` takes. */
  public readonly contracts: pulumi.Output<Record<string, string>>;

  /** @throws pulumi.InputPropertiesError naming every wrong argument and every breaking change. */
  constructor(name: string, args: ContractRegistryArgs, opts?: pulumi.ComponentResourceOptions) {
    const histories = checkHistories(args);
    const registryName = physicalName(name, registryNameLength, "existingRegistryArn");
    super("mlops:index:ContractRegistry", name, args, opts);
    this.registryArn = pulumi.output(
      args.existingRegistryArn ?? createRegistry(name, registryName, args, this).arn,
    );
    const schemas = histories.map(({ newest, compatibility }): [string, pulumi.Output<string>] => [
      newest.dataset,
      registerContract(name, newest, compatibility, this.registryArn, args, this).arn,
    ]);
    this.schemaArns = pulumi.output(Object.fromEntries(schemas));
    this.contracts = pulumi.output(
      Object.fromEntries(histories.map(({ newest }) => [newest.dataset, JSON.stringify(newest)])),
    );
    this.registerOutputs({
      registryArn: this.registryArn,
      schemaArns: this.schemaArns,
      contracts: this.contracts,
    });
  }
}

interface History {
  newest: DataContract;
  compatibility: Compatibility;
}

function checkHistories({ datasets }: ContractRegistryArgs): History[] {
  const checker = new ArgumentChecker();
  checker.require(datasets.length > 0, "datasets", "no data set was given; at least one is needed");
  const histories = datasets.flatMap((history, index) =>
    checkHistory(history, `datasets[${index}]`, checker),
  );
  const names = histories.map(({ newest }) => newest.dataset);
  const repeated = names.find((dataset, index) => names.indexOf(dataset) !== index);
  checker.require(
    repeated === undefined,
    "datasets",
    `the data set "${repeated}" was given twice; its versions belong into one list`,
  );
  checker.done("ContractRegistry");
  return histories;
}

function checkHistory(history: ContractHistoryArgs, path: string, checker: ArgumentChecker): History[] {
  const { versions, compatibility = Compatibility.Backward, reason } = history;
  checker.require(versions.length > 0, `${path}.versions`, "no version was given; at least one is needed");
  checker.require(
    compatibility !== Compatibility.None || (reason ?? "").trim() !== "",
    `${path}.reason`,
    "the compatibility None was given; say here why readers of the data set are not protected",
  );
  const contracts = versions.flatMap((text, index) => {
    const parsed = parseContract(text);
    if ("contract" in parsed) return [parsed.contract];
    checker.require(false, `${path}.versions[${index}]`, parsed.fault);
    return [];
  });
  const newest = contracts.at(-1);
  if (newest === undefined || contracts.length < versions.length) return [];
  checkSteps(contracts, compatibility, `${path}.versions`, checker);
  return [{ newest, compatibility }];
}

/** Row by row the promise is transitive: what holds from each version to the next holds from the first to the last. */
function checkSteps(
  contracts: DataContract[],
  compatibility: Compatibility,
  path: string,
  checker: ArgumentChecker,
): void {
  contracts.forEach((newer, index) => {
    const older = contracts[index - 1];
    if (older === undefined) return;
    const place = `${path}[${index}]`;
    const repeated = contracts.findIndex(({ version }) => version === newer.version) !== index;
    checker.require(
      !repeated,
      place,
      `the version ${newer.version} of "${newer.dataset}" was given twice; a changed contract needs a new version`,
    );
    const faults = compatibilityFaults(older, newer, compatibility);
    checker.require(
      faults.length === 0,
      place,
      `version ${newer.version} of "${newer.dataset}" breaks version ${older.version}: ${faults.join(" ")} ` +
        `Keep the promise, release the change as a data set of a new name, or set the compatibility None with a reason`,
    );
  });
}

const registryNameLength = 255;

/** Glue makes no names by itself; the stack's name keeps the environments of one account apart. */
function createRegistry(
  name: string,
  registryName: string,
  { tags }: CommonArgs,
  parent: pulumi.Resource,
): aws.glue.Registry {
  return new aws.glue.Registry(
    name,
    {
      registryName,
      description: "Contracts of the data sets.",
      tags,
    },
    { parent, deleteBeforeReplace: true },
  );
}

const glueCompatibility: Record<Compatibility, string> = {
  [Compatibility.Backward]: "BACKWARD",
  [Compatibility.Forward]: "FORWARD",
  [Compatibility.Full]: "FULL",
  [Compatibility.None]: "NONE",
};

/** The newest of the drafts that Glue reads; a contract's schema means the same in both. */
const glueDraft = "http://json-schema.org/draft-07/schema#";

function registerContract(
  name: string,
  contract: DataContract,
  compatibility: Compatibility,
  registryArn: pulumi.Output<string>,
  { tags }: CommonArgs,
  parent: pulumi.Resource,
): aws.glue.Schema {
  return new aws.glue.Schema(
    `${name}-${contract.dataset}`,
    {
      registryArn,
      schemaName: contract.dataset,
      description: `What a row of the data set ${contract.dataset} must look like.`,
      dataFormat: "JSON",
      compatibility: glueCompatibility[compatibility],
      schemaDefinition: JSON.stringify({ ...jsonSchemaOf(contract), $schema: glueDraft }),
      tags,
    },
    { parent, deleteBeforeReplace: true },
  );
}
