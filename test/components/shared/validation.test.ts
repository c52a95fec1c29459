import * as pulumi from "@pulumi/pulumi";

import { ArgumentChecker } from "../../../components/shared/validation";

test("every fault is reported, with its path, in one sentence each", () => {
  const check = (): void =>
    new ArgumentChecker()
      .range(11, "size", 1, 10)
      .notBoth("a", "existing", "b", "created")
      .require(false, "name", "is wrong")
      .done("Thing");
  expect(check).toThrow(
    "Thing: size: 11 was given; allowed is 1 to 10; existing: existing and created were both given; give one of them; name: is wrong",
  );
});

test.each([
  [
    "the ends of a range",
    (checker: ArgumentChecker) => checker.range(1, "size", 1, 10).range(10, "size", 1, 10),
  ],
  [
    "a value that AWS will judge",
    (checker: ArgumentChecker) => checker.range(pulumi.output(99), "size", 1, 10),
  ],
  ["a value that was not given", (checker: ArgumentChecker) => checker.range(undefined, "size", 1, 10)],
  ["one way of two", (checker: ArgumentChecker) => checker.notBoth("a", "existing", undefined, "created")],
])("%s is no fault", (_case, use) => {
  expect(() => use(new ArgumentChecker()).done("Thing")).not.toThrow();
});

test.each([0, 11, Number.NaN])("%s is outside 1 to 10", (value) => {
  expect(() => new ArgumentChecker().range(value, "size", 1, 10).done("Thing")).toThrow(`${value} was given`);
});
