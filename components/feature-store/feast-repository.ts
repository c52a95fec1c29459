import {
  activeFeatures,
  entityOfView,
  FeatureCatalog,
  FeatureEntity,
  FeatureType,
  FeatureView,
  JoinKeyType,
  physicalViewName,
} from "../contracts/feature-definition";

/** Where a Feast repository keeps its things. */
export interface FeastPlaces {
  project: string;
  region: string;
  /** S3 URI of the registry. */
  registryUri: string;
  curatedBucketName: string;
}

/** A text in YAML and in Python alike: JSON's escapes are understood by both. */
const text = (value: string): string => JSON.stringify(value);

/** `feature_store.yaml`. The same places always give the same text. */
export function featureStoreYaml({ project, region, registryUri }: FeastPlaces): string {
  return [
    `project: ${text(project)}`,
    "provider: aws",
    "registry:",
    "  registry_type: file",
    `  path: ${text(registryUri)}`,
    "  cache_ttl_seconds: 60",
    "online_store:",
    "  type: dynamodb",
    `  region: ${text(region)}`,
    "offline_store:",
    "  type: file",
    "entity_key_serialization_version: 3",
    "",
  ].join("\n");
}

const feastTypes: Record<FeatureType, string> = {
  [FeatureType.Integral]: "Int64",
  [FeatureType.Fractional]: "Float64",
  [FeatureType.String]: "String",
};
const keyTypes: Record<JoinKeyType, { field: string; value: string }> = {
  [JoinKeyType.Integral]: { field: "Int64", value: "INT64" },
  [JoinKeyType.String]: { field: "String", value: "STRING" },
};

/**
 * The Python file of a Feast repository. Feast's entities have one join key each, so an entity with several becomes
 * several.
 */
export function feastRepository(catalog: FeatureCatalog, places: FeastPlaces): string {
  return [
    "# Generated from the feature catalog; a change here is lost with the next deployment.",
    "from datetime import timedelta",
    "",
    "from feast import Entity, FeatureView, Field, FileSource, ValueType",
    "from feast.data_format import ParquetFormat",
    "from feast.types import Float64, Int64, String",
    "",
    ...catalog.entities.flatMap(feastEntities),
    ...catalog.views.flatMap((view) => feastView(view, entityOfView(catalog, view) as FeatureEntity, places)),
  ].join("\n");
}

/** Name of a join key's Feast entity. */
function feastEntityName(entity: FeatureEntity, key: string): string {
  return entity.joinKeys.length === 1 ? entity.name : `${entity.name}_${key}`;
}

function feastEntities(entity: FeatureEntity): string[] {
  return entity.joinKeys.flatMap(({ name, type }) => [
    `entity_${feastEntityName(entity, name)} = Entity(`,
    `    name=${text(feastEntityName(entity, name))},`,
    `    join_keys=[${text(name)}],`,
    `    value_type=ValueType.${keyTypes[type].value},`,
    `    description=${text(entity.description ?? "")},`,
    ")",
    "",
  ]);
}

function feastView(view: FeatureView, entity: FeatureEntity, { curatedBucketName }: FeastPlaces): string[] {
  const name = physicalViewName(view);
  const entities = entity.joinKeys.map((key) => `entity_${feastEntityName(entity, key.name)}`);
  return [
    `source_${name} = FileSource(`,
    `    name=${text(`${name}_source`)},`,
    `    path=${text(`s3://${curatedBucketName}/${view.dataset}/`)},`,
    "    file_format=ParquetFormat(),",
    `    timestamp_field=${text(view.eventTime)},`,
    ...(view.createdTime === undefined ? [] : [`    created_timestamp_column=${text(view.createdTime)},`]),
    ")",
    "",
    `view_${name} = FeatureView(`,
    `    name=${text(name)},`,
    `    entities=[${entities.join(", ")}],`,
    `    ttl=timedelta(seconds=${view.ttlSeconds ?? 0}),`,
    "    schema=[",
    ...entity.joinKeys.map(
      (key) => `        Field(name=${text(key.name)}, dtype=${keyTypes[key.type].field}),`,
    ),
    ...activeFeatures(view).map(
      (feature) =>
        `        Field(name=${text(feature.name)}, dtype=${feastTypes[feature.type]}, description=${text(feature.description ?? "")}${feature.personal ? ', tags={"personal": "true"}' : ""}),`,
    ),
    "    ],",
    "    online=True,",
    `    source=source_${name},`,
    `    tags={"version": ${text(String(view.version ?? 1))}},`,
    ")",
    "",
  ];
}
