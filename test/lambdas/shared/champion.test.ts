import { parsePointer } from "../../../lambdas/shared/champion";
import { pointer } from "../pointers";

describe("the champion parameter", () => {
  test("holds none before the first promotion", () => {
    expect(parsePointer("none", "/p")).toBeUndefined();
  });

  test("holds a pointer", () => {
    expect(parsePointer(JSON.stringify(pointer(3)), "/p")).toEqual(pointer(3));
  });

  test.each([
    ["", 'The parameter /p holds neither "none" nor a pointer in JSON'],
    ["v3", 'The parameter /p holds neither "none" nor a pointer in JSON: v3'],
    ['{"model":"delays"}', "The pointer in the parameter /p is wrong: version:"],
  ])("refuses %p", (value, message) => {
    expect(() => parsePointer(value, "/p")).toThrow(message);
  });
});
