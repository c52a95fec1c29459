import { DataContract } from "../../components/contracts/data-contract";
import { LineageEvent, LineageEventType } from "../../components/contracts/lineage-event";
import type { QualityReport } from "./quality-report";
import { Outcome } from "./verdict";

const producer = "https://github.com/pulumi-mlops/data-validator";
const facet = (name: string, version: string): { _producer: string; _schemaURL: string } => ({
  _producer: producer,
  _schemaURL: `https://openlineage.io/spec/facets/${version}/${name}.json`,
});

/** Where the objects of a validation lie. */
export interface ValidationPlaces {
  rawBucket: string;
  curatedBucket: string;
  /** Key of the curated file; none when nothing was curated. */
  curatedKey?: string;
  quarantineBucket: string;
}

/** Lineage event about a validation: which curated file came from which raw one, and how good it was. */
export function lineageOf(
  report: QualityReport,
  contract: DataContract,
  places: ValidationPlaces,
): LineageEvent {
  const quarantined = report.outcome === Outcome.Quarantined;
  const schema = {
    ...facet("SchemaDatasetFacet", "1-1-1"),
    fields: contract.columns.map(({ name, type }) => ({ name, type })),
  };
  const curated = {
    namespace: `s3://${places.curatedBucket}`,
    name: places.curatedKey ?? "",
    facets: {
      schema,
      version: { ...facet("DatasetVersionDatasetFacet", "1-0-1"), datasetVersion: report.runId },
      dataQualityMetrics: qualityFacet(report),
    },
  };
  const outputs = places.curatedKey === undefined ? [] : [curated];
  const kept = { namespace: `s3://${places.quarantineBucket}`, name: report.key };
  return {
    eventType: quarantined ? LineageEventType.Fail : LineageEventType.Complete,
    eventTime: report.deliveredAt,
    producer,
    schemaURL: "https://openlineage.io/spec/2-0-2/OpenLineage.json",
    run: {
      runId: report.runId,
      facets: quarantined
        ? {
            errorMessage: {
              ...facet("ErrorMessageRunFacet", "1-0-1"),
              message: report.fileFaults.join(" ").slice(0, 2000),
              programmingLanguage: "TypeScript",
            },
          }
        : {},
    },
    job: { namespace: "mlops", name: `validate.${report.contract.dataset}` },
    inputs: [
      {
        namespace: `s3://${places.rawBucket}`,
        name: report.key,
        facets: { schema, dataQualityMetrics: qualityFacet(report) },
      },
    ],
    outputs: report.outcome === Outcome.Curated ? outputs : [...outputs, kept],
  };
}

/** Columns of which an event tells; one event on the bus has at most 256 KiB. */
const mostColumns = 200;

function qualityFacet({ totalRows, columns }: QualityReport): object {
  const columnMetrics = columns.slice(0, mostColumns).map(({ name, nulls, distinct, minimum, maximum }) => [
    name,
    {
      nullCount: nulls,
      distinctCount: distinct,
      ...(minimum === undefined ? {} : { min: minimum, max: maximum }),
    },
  ]);
  return {
    ...facet("DataQualityMetricsInputDatasetFacet", "1-0-2"),
    rowCount: totalRows,
    columnMetrics: Object.fromEntries(columnMetrics) as object,
  };
}
