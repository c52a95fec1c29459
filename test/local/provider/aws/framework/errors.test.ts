import { isNotFound, orGone, sentence } from "../../../../../local/provider/aws/framework/errors";

const serviceError = (name: string, message = "", status = 400) =>
  Object.assign(new Error(message), { name, $metadata: { httpStatusCode: status } });

describe("isNotFound", () => {
  it.each([
    "NoSuchBucket",
    "NotFoundException",
    "NoSuchEntity",
    "ResourceNotFoundException",
    "InvalidVpcID.NotFound",
    "ParameterNotFound",
  ])("knows %s", (name) => expect(isNotFound(serviceError(name))).toBe(true));

  it.each(["AccessDenied", "ValidationException", "ConflictException"])("does not take %s for it", (name) =>
    expect(isNotFound(serviceError(name))).toBe(false),
  );

  it("knows the status 404, and only of errors", () => {
    expect(isNotFound(serviceError("Unknown", "", 404))).toBe(true);
    expect(isNotFound("NoSuchBucket")).toBe(false);
  });
});

describe("orGone", () => {
  it("answers undefined for what is missing and passes every other error on", async () => {
    await expect(orGone(Promise.reject(serviceError("NoSuchKey")))).resolves.toBeUndefined();
    await expect(orGone(Promise.reject(serviceError("AccessDenied", "no")))).rejects.toThrow("no");
    await expect(orGone(Promise.resolve(1))).resolves.toBe(1);
  });
});

describe("sentence", () => {
  it.each([
    [serviceError("AccessDenied", "You may not."), "a: AccessDenied – You may not."],
    [serviceError("AccessDenied", "AccessDenied: You may not."), "a: AccessDenied: You may not."],
    [serviceError("Throttling", "UnknownError"), "a: Throttling – AWS gave no message"],
    [new Error("the file is missing"), "a: the file is missing"],
    ["text", "a: text"],
  ])("makes one sentence of %s", (error, expected) => expect(sentence("a", error)).toBe(expected));
});
