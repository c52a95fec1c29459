/** How sensitive the data of a source is; a tag on everything that holds it. */
export enum DataClassification {
  Public = "public",
  Internal = "internal",
  Confidential = "confidential",
  /** Data of persons; stricter policies apply. */
  Personal = "personal",
}

/** The one shape of every source, whatever it brings its records with. */
export interface SourceDescription {
  /** Team that answers for the data. */
  owner: string;
  /** Data set that the source feeds: the first folder of its objects in the raw zone. Its contract has the same name. */
  dataset: string;
  /** How sensitive the data is. */
  classification: DataClassification;
}
