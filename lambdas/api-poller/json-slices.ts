/** Beginning and end (exclusive) of a value in a text. */
type Span = [start: number, end: number];

const space = /[\t\n\r ]*/y;
const plainValue = /[^,\]}\t\n\r ]*/y;

/** Position of the first match's end of a sticky expression. */
function skip(expression: RegExp, text: string, at: number): number {
  expression.lastIndex = at;
  expression.exec(text);
  return expression.lastIndex;
}

function endOfString(text: string, at: number): number {
  for (let end = text.indexOf('"', at + 1); ; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text[end - 1 - backslashes] === "\\") backslashes++;
    if (backslashes % 2 === 0) return end + 1;
  }
}

function endOfValue(text: string, at: number): number {
  const first = text[at];
  if (first === '"') return endOfString(text, at);
  if (first !== "{" && first !== "[") return skip(plainValue, text, at);
  let depth = 0;
  const structure = /["{}[\]]/g;
  structure.lastIndex = at;
  for (let match = structure.exec(text); match !== null; match = structure.exec(text)) {
    const [character] = match;
    if (character === '"') structure.lastIndex = endOfString(text, match.index);
    else depth += character === "{" || character === "[" ? 1 : -1;
    if (depth === 0) return structure.lastIndex;
  }
  return text.length;
}

/** Spans of the values of a list that begins at a bracket. */
function elements(text: string, at: number): Span[] {
  const spans: Span[] = [];
  let next = skip(space, text, at + 1);
  while (text[next] !== "]") {
    const end = endOfValue(text, next);
    spans.push([next, end]);
    const separator = skip(space, text, end);
    next = text[separator] === "," ? skip(space, text, separator + 1) : separator;
  }
  return spans;
}

/** Where the value of a member begins. Of two members with one name the last counts, as in `JSON.parse`. */
function member(text: string, at: number, name: string): number | undefined {
  let found: number | undefined;
  let next = skip(space, text, at + 1);
  while (text[next] !== "}") {
    const nameEnd = endOfString(text, next);
    const value = skip(space, text, skip(space, text, nameEnd) + 1);
    if (JSON.parse(text.slice(next, nameEnd)) === name) found = value;
    const separator = skip(space, text, endOfValue(text, value));
    next = text[separator] === "," ? skip(space, text, separator + 1) : separator;
  }
  return found;
}

/** Names on a dotted path; the empty path leads to the whole. */
const namesOf = (path: string): string[] => (path === "" ? [] : path.split("."));

/** The value at a dotted path of parsed JSON, whose parts are names of members or indices of lists. */
export function valueAt(json: unknown, path: string): unknown {
  return namesOf(path).reduce<unknown>(
    (value, name) =>
      typeof value === "object" && value !== null && Object.hasOwn(value, name)
        ? (value as Record<string, unknown>)[name]
        : undefined,
    json,
  );
}

/**
 * The elements of the list at a dotted path, each as it stands in the text but on one line. Parsing and printing them
 * again would round large numbers, and with them identifiers.
 * @param text - valid JSON with a list at the path
 */
export function slicesAt(text: string, path: string): string[] {
  let at = skip(space, text, 0);
  for (const name of namesOf(path)) {
    const next = text[at] === "[" ? elements(text, at)[Number(name)]?.[0] : member(text, at, name);
    if (next === undefined) return [];
    at = next;
  }
  // Line breaks inside of strings are escaped in JSON, so what is left of them is only layout.
  return elements(text, at).map(([start, end]) => text.slice(start, end).replace(/[\r\n]+/g, " "));
}
