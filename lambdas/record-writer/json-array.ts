/** The elements of an array as they were written, and what follows the array. */
export interface ArrayTexts {
  elements: string[];
  rest: string;
}

/**
 * Cuts the text of a JSON array into the texts of its elements, so that each is kept as it was written: parsing and
 * printing would round large integers and drop repeated fields.
 *
 * @param json - valid JSON from the array's opening bracket on
 */
export function cutArray(json: string): ArrayTexts {
  const elements: string[] = [];
  let depth = 0;
  let inString = false;
  let start = 1;
  const cut = (end: number): void => {
    const element = json.slice(start, end).trim();
    if (element !== "") elements.push(element);
    start = end + 1;
  };
  for (let index = 1; index < json.length; index++) {
    const character = json[index];
    if (inString) {
      // What follows a backslash ends no string.
      if (character === "\\") index++;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === "[" || character === "{") depth++;
    else if (character === "," && depth === 0) cut(index);
    else if (character === "]" && depth === 0) {
      cut(index);
      break;
    } else if (character === "]" || character === "}") depth--;
  }
  return { elements, rest: json.slice(start).trim() };
}
