import { activeFeatures, FeatureEntity, FeatureView } from "../../components/contracts/feature-definition";
import { eventTimeColumn, keySqlType, momentOf, newestFirst, quoted, viewRows } from "../shared/feature-rows";

/** A view with its entity and the table that holds its data set. */
export interface ViewSource {
  view: FeatureView;
  entity: FeatureEntity;
  /** Table expression with the columns of the data set, for example `read_parquet([…])`. */
  source: string;
}

/** What a training set is made from. */
export interface PointInTimeQuery {
  /** Table expression of the labels: the entities' join keys, the label's time, and any further columns. */
  labels: string;
  /** Column of the labels with the time at which the features must be known. */
  labelTime: string;
  views: ViewSource[];
  /** Whether each view's event time stands in the result, as `<view>__event_time`. @default false */
  withEventTimes?: boolean;
}

/** Name of a feature in a training set: that of its view in front, so that two views may name theirs alike. */
export function trainingColumn(view: FeatureView, feature: string): string {
  return `${view.name}__${feature}`;
}

/**
 * SQL of a training set that is right at each label's time. Every label row comes exactly once, in its order, with each
 * view's newest row whose event time is not after the label's time and not older than the view's time to live; no such
 * row gives nulls. A label row without a key or a time has no features.
 */
export function pointInTimeSql(query: PointInTimeQuery): string {
  const labelTime = momentOf(query.labelTime);
  const steps = query.views.map(viewStep);
  const joins = query.views.map(({ view, entity }, index) => {
    const keys = entity.joinKeys.map(
      ({ name, type }) =>
        `CAST(labels.${quoted(name)} AS ${keySqlType(type)}) = view_${index}.${quoted(name)}`,
    );
    return [
      `ASOF LEFT JOIN view_${index}`,
      `  ON ${keys.join(" AND ")} AND labels.__label_time >= view_${index}.${eventTimeColumn} -- ${view.name}`,
    ].join("\n");
  });
  const columns = query.views.flatMap(({ view }, index) =>
    viewColumns(view, index, query.withEventTimes === true),
  );
  return [
    `WITH labels AS (`,
    `  SELECT *, row_number() OVER () AS __row, ${labelTime} AS __label_time FROM ${query.labels}`,
    `)${steps.map((step) => `, ${step}`).join("")}`,
    `SELECT labels.* EXCLUDE (__row, __label_time)${columns.map((column) => `,\n  ${column}`).join("")}`,
    `FROM labels`,
    ...joins,
    `ORDER BY labels.__row`,
  ].join("\n");
}

/** The rows of a view with one winner for each entity and event time: an as-of join picks any of several. */
function viewStep({ view, entity, source }: ViewSource, index: number): string {
  const keys = entity.joinKeys.map(({ name }) => quoted(name));
  return [
    `view_${index} AS (`,
    `  SELECT * FROM (${viewRows(view, entity, source)})`,
    `  QUALIFY row_number() OVER (`,
    `    PARTITION BY ${[...keys, eventTimeColumn].join(", ")} ORDER BY ${newestFirst(view)}) = 1`,
    `)`,
  ].join("\n");
}

function viewColumns(view: FeatureView, index: number, withEventTime: boolean): string[] {
  const eventTime = `view_${index}.${eventTimeColumn}`;
  const value = (column: string): string =>
    view.ttlSeconds === undefined
      ? column
      : `CASE WHEN epoch_us(labels.__label_time) - epoch_us(${eventTime}) <= ${view.ttlSeconds * 1_000_000} THEN ${column} END`;
  return [
    ...activeFeatures(view).map(
      ({ name }) => `${value(`view_${index}.${quoted(name)}`)} AS ${quoted(trainingColumn(view, name))}`,
    ),
    ...(withEventTime ? [`${value(eventTime)} AS ${quoted(trainingColumn(view, "event_time"))}`] : []),
  ];
}
