import { z } from "zod";

import { jsonVariable, readEnvironment } from "../../../lambdas/shared/environment";

const schema = z.object({
  BUCKET: z.string().min(1),
  HOURS: z.coerce.number().positive(),
  CONTRACT: jsonVariable(z.object({ version: z.string() })),
});

describe("reading the environment", () => {
  test("gives checked values", () => {
    const variables = { BUCKET: "raw", HOURS: "24", CONTRACT: '{"version":"1"}', OTHER: "x" };
    expect(readEnvironment(schema, variables)).toEqual({
      BUCKET: "raw",
      HOURS: 24,
      CONTRACT: { version: "1" },
    });
  });

  test("names everything that is missing or wrong in one sentence", () => {
    const read = (): unknown => readEnvironment(schema, { HOURS: "-1", CONTRACT: "{" });
    expect(read).toThrow(
      "The function's environment is not complete: BUCKET is missing; HOURS is wrong (Too small: expected number to be >0); CONTRACT is wrong (is not JSON). Its component sets these.",
    );
  });

  test("points into a JSON variable", () => {
    const read = (): unknown =>
      readEnvironment(schema, { BUCKET: "b", HOURS: "1", CONTRACT: '{"version":1}' });
    expect(read).toThrow(/CONTRACT\.version is wrong/);
  });
});
