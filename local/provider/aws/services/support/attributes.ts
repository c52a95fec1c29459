/** How one property is kept in the attributes of a service that knows only text. */
export interface Attribute {
  /** Name of the attribute in AWS. */
  name: string;
  /** Kind of the property in the program. @default "text" */
  kind?: "text" | "number" | "boolean";
  /**
   * Set only where the program gives it here: otherwise it may belong to a resource of its own, such as a queue
   * policy, which this one must neither see nor undo.
   */
  onlyGiven?: boolean;
  /** Given once, when the resource is made; a change replaces the resource. */
  fixed?: boolean;
  /** Value that takes the setting back. @default "" */
  cleared?: string;
}

/** Property of the Pulumi type → attribute. */
export type AttributeTable = Record<string, Attribute>;

/** Attributes that the inputs ask for. */
export function toAttributes(inputs: object, table: AttributeTable): Record<string, string> {
  const entries = Object.entries(inputs).filter(([key, value]) => key in table && value !== undefined);
  return Object.fromEntries(entries.map(([key, value]) => [table[key]!.name, String(value)]));
}

/** Attributes to set to get from the old properties to the new ones, those that are taken back included. */
export function changedAttributes(
  olds: Record<string, unknown>,
  news: Record<string, unknown>,
  table: AttributeTable,
): Record<string, string> {
  const changes: Record<string, string> = {};
  for (const [property, attribute] of Object.entries(table)) {
    if (attribute.fixed) continue;
    const [before, after] = [olds[property], news[property]];
    if (after !== undefined && String(before) !== String(after)) changes[attribute.name] = String(after);
    if (after === undefined && before !== undefined && before !== "")
      changes[attribute.name] = attribute.cleared ?? "";
  }
  return changes;
}

/** Properties that the attributes tell; `known` are the last known properties. */
export function fromAttributes(
  attributes: Record<string, string>,
  table: AttributeTable,
  known: Record<string, unknown>,
): Record<string, unknown> {
  const told = Object.entries(table).filter(([key, { onlyGiven }]) => !onlyGiven || known[key] !== undefined);
  return Object.fromEntries(
    told.map(([key, attribute]) => [key, valueOf(attributes[attribute.name], attribute)]),
  );
}

function valueOf(text: string | undefined, { kind }: Attribute): unknown {
  if (text === undefined || text === "") return undefined;
  if (kind === "number") return Number(text);
  return kind === "boolean" ? text === "true" : text;
}
