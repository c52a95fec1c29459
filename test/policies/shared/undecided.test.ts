import { someCertainly, Undecided } from "../../../policies/shared/undecided";

class UnknownValueError extends Error {
  readonly unknownTypeSentinel = "unknown";
}
const readUnknown = () => {
  throw new UnknownValueError("string value at .x can't be known during preview");
};

test("nothing is said when everything was decided", () => {
  const undecided = new Undecided();
  undecided.attempt("a", () => undefined);
  expect(() => undecided.settle()).not.toThrow();
});

test("every undecided place is named, in the error that the SDK turns into a notice", () => {
  const undecided = new Undecided();
  undecided.attempt("a", readUnknown);
  undecided.attempt("b", () => undefined);
  undecided.attempt("c", readUnknown);
  expect(() => undecided.settle()).toThrow(UnknownValueError);
  expect(() => undecided.settle()).toThrow(/^undecided for a \(string value .*\), c \(string value .*\)$/);
});

test("a long list is cut and counted", () => {
  const undecided = new Undecided();
  for (let index = 1; index <= 12; index++) undecided.attempt(`place ${index}`, readUnknown);
  expect(() => undecided.settle()).toThrow(/place 10 \([^)]*\) and 2 more$/);
});

test("another error is a fault of the policy and goes on", () => {
  expect(() =>
    new Undecided().attempt("a", () => {
      throw new TypeError("fault");
    }),
  ).toThrow(TypeError);
});

const isYes = (answer: string) => (answer === "unknown" ? readUnknown() : answer === "yes");

test.each([
  [["no", "unknown", "yes"], true],
  [["no", "no"], false],
  [[], false],
])("of %j some is certain: %p", (answers, expected) => {
  expect(someCertainly(answers, isYes)).toBe(expected);
});

test("when none is certain and one is unknown, nothing can be said", () => {
  expect(() => someCertainly(["no", "unknown", "no"], isYes)).toThrow(UnknownValueError);
});
