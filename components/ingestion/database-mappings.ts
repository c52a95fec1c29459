import { ChangeColumn } from "../contracts/change-columns";
import type { DatabaseTable } from "./database-args";

/** Schema under which the service keeps what it could not apply; beside the data set, so that it is no delivery of it. */
export function controlSchema(dataset: string): string {
  return `awsdms-${dataset}`;
}

/** Begin of the folder of every table of a schema, below the data set. */
function tablePrefix(source: string, schema: string): string {
  return `${source}-${schema}-`;
}

/**
 * Which tables are replicated, as DMS wants it: each lands in `<dataset>/<source>-<schema>-<table>/`, so that tables of
 * one name in two schemas, and in two databases, never overwrite each other.
 */
export function tableMappings(tables: DatabaseTable[], dataset: string, source: string): string {
  const locate = ({ schema, table }: DatabaseTable): object => ({
    "schema-name": schema,
    "table-name": table,
  });
  const schemas = [...new Set(tables.map(({ schema }) => schema))];
  const rules: object[] = [
    ...tables.map((table) => ({
      "rule-type": "selection",
      "object-locator": locate(table),
      "rule-action": "include",
    })),
    ...tables.map((table) => ({
      "rule-type": "transformation",
      "rule-target": "table",
      "object-locator": locate(table),
      "rule-action": "add-prefix",
      value: tablePrefix(source, table.schema),
    })),
    ...tables.map((table) => ({
      "rule-type": "transformation",
      "rule-target": "column",
      "object-locator": locate(table),
      "rule-action": "add-column",
      value: ChangeColumn.Sequence,
      expression: "coalesce($AR_H_CHANGE_SEQ, 'load')",
      "data-type": { type: "string", length: 50 },
    })),
    ...schemas.map((schema) => ({
      "rule-type": "transformation",
      "rule-target": "schema",
      "object-locator": { "schema-name": schema },
      "rule-action": "rename",
      value: dataset,
    })),
  ];
  return JSON.stringify({
    rules: rules.map((rule, index) => ({
      "rule-id": String(index + 1),
      "rule-name": String(index + 1),
      ...rule,
    })),
  });
}

/** How a replication behaves. */
export interface ReplicationBehaviour {
  dataset: string;
  /** Failed rows after which a table is suspended. */
  maximumRowErrors: number;
  /** Suspended tables after which the replication stops. */
  maximumTableErrors: number;
  /** Largest text or binary value in kilobytes; a longer one is an error, never cut in silence. */
  maximumValueKilobytes: number;
}

/** Settings of a replication: no row is dropped in silence, what fails is kept in the control tables. */
export function replicationSettings(behaviour: ReplicationBehaviour): string {
  const { dataset, maximumRowErrors, maximumTableErrors, maximumValueKilobytes } = behaviour;
  return JSON.stringify({
    TargetMetadata: {
      SupportLobs: true,
      FullLobMode: false,
      LimitedSizeLobMode: true,
      LobMaxSize: maximumValueKilobytes,
    },
    // Files of an earlier load stay: the raw zone is append-only.
    FullLoadSettings: { TargetTablePrepMode: "DO_NOTHING" },
    Logging: { EnableLogging: true },
    ControlTablesSettings: { ControlSchema: controlSchema(dataset) },
    ErrorBehavior: {
      DataErrorPolicy: "LOG_ERROR",
      DataTruncationErrorPolicy: "LOG_ERROR",
      DataErrorEscalationCount: maximumRowErrors,
      DataErrorEscalationPolicy: "SUSPEND_TABLE",
      TableErrorPolicy: "SUSPEND_TABLE",
      TableErrorEscalationCount: maximumTableErrors,
      TableErrorEscalationPolicy: "STOP_TASK",
      ApplyErrorInsertPolicy: "LOG_ERROR",
      ApplyErrorUpdatePolicy: "LOG_ERROR",
      ApplyErrorDeletePolicy: "LOG_ERROR",
      ApplyErrorEscalationCount: maximumRowErrors,
      ApplyErrorEscalationPolicy: "SUSPEND_TABLE",
      // A connection that is lost is tried again for ever, with growing pauses.
      RecoverableErrorCount: -1,
      RecoverableErrorInterval: 5,
      RecoverableErrorThrottling: true,
      RecoverableErrorThrottlingMax: 1800,
      FailOnNoTablesCaptured: true,
    },
    // The data validator checks every file; validation by DMS would need Athena and a catalog of its own.
    ValidationSettings: { EnableValidation: false },
  });
}
