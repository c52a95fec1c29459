import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

const datasets = "array<struct<namespace:string,name:string>>";

/** The fields of an OpenLineage event that one asks for; facets differ from event to event and stay in the objects. */
const columns = [
  { name: "eventtype", type: "string" },
  { name: "eventtime", type: "string" },
  { name: "producer", type: "string" },
  { name: "run", type: "struct<runid:string>" },
  { name: "job", type: "struct<namespace:string,name:string>" },
  { name: "inputs", type: datasets },
  { name: "outputs", type: datasets },
];

/**
 * The table `lineage_events` over the stored events. Its partitions follow from their names (partition projection), so
 * that neither a crawler nor anybody else has to add the new day.
 */
export function createLineageTable(
  name: string,
  databaseName: pulumi.Input<string>,
  eventsUri: pulumi.Output<string>,
  parent: pulumi.Resource,
): aws.glue.CatalogTable {
  const range = (unit: string, values: string, digits: number): Record<string, string> => ({
    [`projection.${unit}.type`]: "integer",
    [`projection.${unit}.range`]: values,
    [`projection.${unit}.digits`]: String(digits),
  });
  return new aws.glue.CatalogTable(
    `${name}-events`,
    {
      // The name that queries use.
      name: "lineage_events",
      databaseName,
      tableType: "EXTERNAL_TABLE",
      parameters: {
        classification: "json",
        "projection.enabled": "true",
        ...range("year", "2024,2099", 4),
        ...range("month", "1,12", 2),
        ...range("day", "1,31", 2),
        "storage.location.template": pulumi.interpolate`${eventsUri}year=\${year}/month=\${month}/day=\${day}/`,
      },
      partitionKeys: ["year", "month", "day"].map((unit) => ({ name: unit, type: "string" })),
      storageDescriptor: {
        location: eventsUri,
        inputFormat: "org.apache.hadoop.mapred.TextInputFormat",
        outputFormat: "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
        serDeInfo: { serializationLibrary: "org.openx.data.jsonserde.JsonSerDe" },
        columns,
      },
    },
    { parent, deleteBeforeReplace: true },
  );
}
