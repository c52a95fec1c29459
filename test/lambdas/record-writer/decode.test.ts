import * as fc from "fast-check";

import { decodePayload } from "../../../lambdas/record-writer/decode";

const decode = (text: string) => decodePayload(Buffer.from(text));

describe("a payload", () => {
  test.each([
    ["an object", '{"id":1}', ['{"id":1}']],
    ["an object over several lines", '{\r\n  "id": 1\n}\n', ['{   "id": 1 }']],
    ["a byte order mark", '\uFEFF{"id":1}', ['{"id":1}']],
    ["an integer beyond 2^53", '{"id":9007199254740993}', ['{"id":9007199254740993}']],
    ["a field twice", '{"id":1,"id":2}', ['{"id":1,"id":2}']],
    ["an array", '[{"id":1}, {"id":9007199254740993}]', ['{"id":1}', '{"id":9007199254740993}']],
    ["an empty array", "[ ]", []],
    ["an envelope", '{ "records" : [{"id":"]},{["}] }', ['{"id":"]},{["}']],
    ["an empty envelope", '{"records":[]}', []],
    ["an envelope with something beside it", '{"records":[{}],"id":1}', ['{"records":[{}],"id":1}']],
    ["something beside an envelope", '{"id":1,"records":[{}]}', ['{"id":1,"records":[{}]}']],
    ["two envelopes in one", '{"records":[{}],"records":[1]}', ['{"records":[{}],"records":[1]}']],
    ["a field records that is no array", '{"records":{"id":1}}', ['{"records":{"id":1}}']],
  ])("with %s keeps every record as it was written", (_, text, records) => {
    expect(decode(text)).toEqual({ records, refused: [] });
  });

  test.each([
    ["nothing", "", "The record is empty."],
    ["white space", " \n", "The record is empty."],
    ["half an object", '{"id":', /^The record is not JSON.*\.$/],
    ["two objects", '{"id":1}{"id":2}', /^The record is not JSON.*\.$/],
    ["a secret word", "sesame", /^The record is not JSON(?!.*sesame)/],
    ["NaN", '{"id":NaN}', /^The record is not JSON/],
    ["a number", "7", "The record is a number; a JSON object is needed."],
    ["null", "null", "The record is null; a JSON object is needed."],
    ["a text", '"text"', "The record is a string; a JSON object is needed."],
  ])("with %s is refused with a reason that does not show it", (_, text, reason) => {
    const { records, refused } = decode(text);
    expect(records).toEqual([]);
    expect(refused).toHaveLength(1);
    expect(refused[0]).toEqual({
      payload: Buffer.from(text),
      reason: typeof reason === "string" ? reason : expect.stringMatching(reason),
    });
  });

  test("that is not UTF-8 is refused byte for byte", () => {
    const payload = Buffer.from([0x7b, 0xff, 0xfe, 0x7d]);
    expect(decodePayload(payload).refused).toEqual([{ payload, reason: "The record is not text in UTF-8." }]);
  });

  test("with one wrong element keeps the others", () => {
    expect(decode('[{"id":1}, [1, 2], {"id":2}]')).toEqual({
      records: ['{"id":1}', '{"id":2}'],
      refused: [
        {
          payload: Buffer.from("[1, 2]"),
          reason: "Element 2 of the array is an array; a JSON object is needed.",
        },
      ],
    });
  });

  test("keeps the value of every record, one line each, in an array and in an envelope", () => {
    const record = fc.dictionary(fc.string(), fc.jsonValue());
    const indent = fc.constantFrom(0, 1, "\t", "\r\n".slice(0, 1));
    fc.assert(
      fc.property(fc.array(record), indent, fc.boolean(), (records, space, inEnvelope) => {
        const text = JSON.stringify(inEnvelope ? { records } : records, undefined, space);
        const decoded = decode(text);
        expect(decoded.refused).toEqual([]);
        expect(decoded.records.map((line) => JSON.parse(line) as unknown)).toEqual(
          JSON.parse(JSON.stringify(records)),
        );
        expect(decoded.records.some((line) => /[\r\n]/.test(line))).toBe(false);
      }),
    );
  });

  test("of any bytes ends in records or in reasons, and never in an error", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const { records, refused } = decodePayload(Buffer.from(bytes));
        expect(records.length + refused.length).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
