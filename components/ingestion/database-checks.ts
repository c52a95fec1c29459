import { ArgumentChecker } from "../shared/validation";
import { ReplicationType, DatabaseEngine, DatabaseSourceArgs, DatabaseTls } from "./database-args";
import { checkSource } from "./source-args";

/** The sizes that DMS Serverless has. */
const capacityUnits = [1, 2, 4, 8, 16, 32, 64, 128, 192, 256, 384];

/**
 * Checks the arguments of a `DatabaseSource`.
 * @throws pulumi.InputPropertiesError naming every wrong argument.
 */
export function checkDatabaseArguments(args: DatabaseSourceArgs): void {
  const checker = checkSource(new ArgumentChecker(), args)
    .range(args.batchIntervalSeconds, "batchIntervalSeconds", 60, 3600)
    .range(args.batchMegabytes, "batchMegabytes", 1, 1024)
    .range(args.maximumFileMegabytes, "maximumFileMegabytes", 1, 1024)
    .range(args.maximumValueKilobytes, "maximumValueKilobytes", 1, 102_400)
    .range(args.maximumRowErrors, "maximumRowErrors", 0, 10_000)
    .range(args.maximumTableErrors, "maximumTableErrors", 0, 10_000)
    .range(args.maximumLatencyMinutes, "maximumLatencyMinutes", 1, 1440);
  checkOneOf(checker, args.engine, "engine", Object.values(DatabaseEngine));
  checkOneOf(checker, args.replicationType, "replicationType", Object.values(ReplicationType));
  checkConnection(checker, args);
  checkNetworkAndSize(checker, args);
  checkTables(checker, args);
  checker.done("DatabaseSource");
}

function checkOneOf<T>(checker: ArgumentChecker, value: T | undefined, path: string, allowed: T[]): void {
  checker.require(
    value === undefined || allowed.includes(value),
    path,
    `${JSON.stringify(value)} was given; allowed are ${allowed.join(", ")}`,
  );
}

function checkConnection(checker: ArgumentChecker, args: DatabaseSourceArgs): void {
  const { secretArn, existingSourceEndpointArn, engine, tls, certificateArn } = args;
  const isMySql = [DatabaseEngine.MySql, DatabaseEngine.AuroraMySql].includes(engine);
  const verifies = tls === undefined ? isMySql : tls !== DatabaseTls.Require;
  checkOneOf(checker, tls, "tls", Object.values(DatabaseTls));
  checker
    .notBoth(secretArn, "secretArn", existingSourceEndpointArn, "existingSourceEndpointArn")
    .require(
      secretArn !== undefined || existingSourceEndpointArn !== undefined,
      "secretArn",
      "nothing was given; give secretArn or existingSourceEndpointArn",
    );
  if (existingSourceEndpointArn !== undefined) {
    for (const path of ["databaseName", "tls", "certificateArn", "secretKmsKeyArn"] as const) {
      checker.notBoth(args[path], path, existingSourceEndpointArn, "existingSourceEndpointArn");
    }
    return;
  }
  const needsName = [DatabaseEngine.Postgres, DatabaseEngine.AuroraPostgres, DatabaseEngine.MongoDb];
  checker
    .require(
      !needsName.includes(engine) || args.databaseName !== undefined,
      "databaseName",
      `nothing was given; ${engine} connects to one database`,
    )
    .require(
      !(isMySql && tls === DatabaseTls.Require),
      "tls",
      `"require" was given; DMS encrypts connections to ${engine} with verify-ca or verify-full`,
    )
    .require(
      verifies === (certificateArn !== undefined),
      "certificateArn",
      verifies
        ? "nothing was given; the certificate of the authority is needed to verify the database's"
        : "a certificate was given, and tls does not verify; give verify-ca or verify-full",
    );
}

function checkNetworkAndSize(checker: ArgumentChecker, args: DatabaseSourceArgs): void {
  const { subnetIds, existingSubnetGroupId, minimumCapacityUnits = 1, maximumCapacityUnits = 4 } = args;
  checker
    .notBoth(subnetIds, "subnetIds", existingSubnetGroupId, "existingSubnetGroupId")
    .require(
      subnetIds !== undefined || existingSubnetGroupId !== undefined,
      "subnetIds",
      "nothing was given; give subnetIds or existingSubnetGroupId",
    )
    .require(
      !Array.isArray(subnetIds) || subnetIds.length >= 2,
      "subnetIds",
      `${Array.isArray(subnetIds) ? subnetIds.length : 0} were given; at least two, in two zones, are needed`,
    );
  checkOneOf(checker, minimumCapacityUnits, "minimumCapacityUnits", capacityUnits);
  checkOneOf(checker, maximumCapacityUnits, "maximumCapacityUnits", capacityUnits);
  checker.require(
    minimumCapacityUnits <= maximumCapacityUnits,
    "minimumCapacityUnits",
    `${minimumCapacityUnits} was given; it is above maximumCapacityUnits, ${maximumCapacityUnits}`,
  );
}

function checkTables(checker: ArgumentChecker, { tables }: DatabaseSourceArgs): void {
  checker.require(tables.length > 0, "tables", "an empty list was given; at least one table is needed");
  for (const [index, { schema, table }] of tables.entries()) {
    checker
      .require(
        /^[^%/\\]+$/.test(schema),
        `tables[${index}].schema`,
        `"${schema}" was given; the whole name of a schema is needed, without %, / or \\`,
      )
      .require(
        /^[^/\\]+$/.test(table),
        `tables[${index}].table`,
        `"${table}" was given; the name of a table is needed, without / or \\`,
      )
      .require(
        tables.findIndex((other) => other.schema === schema && other.table === table) === index,
        `tables[${index}]`,
        `${schema}.${table} was given before`,
      );
  }
}
