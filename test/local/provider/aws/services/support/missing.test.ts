import { isMissing, orMissing } from "../../../../../../local/provider/aws/services/support/missing";

function serviceError(name: string, message: string, httpStatusCode = 400): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode } });
}

it.each([
  [true, serviceError("ResourceNotFoundException", "no")],
  [true, serviceError("StateMachineDoesNotExist", "no")],
  [true, serviceError("ValidationException", "Could not find pipeline with PipelineName a.")],
  [true, serviceError("InvalidRequestException", "WorkGroup a is not found")],
  [true, serviceError("Whatever", "gone", 404)],
  [false, serviceError("ValidationException", "1 validation error detected")],
  [false, serviceError("InternalFailure", "table not found", 500)],
  [false, new Error("connect ECONNREFUSED; host not found")],
  [false, "not found"],
])("%s: %s", (expected, error) => {
  expect(isMissing(error)).toBe(expected);
});

it("keeps every other error", async () => {
  await expect(orMissing(Promise.reject(serviceError("Throttling", "slow down")))).rejects.toThrow(
    "slow down",
  );
  await expect(orMissing(Promise.reject(serviceError("NoSuchThing", "x", 404)))).resolves.toBeUndefined();
  await expect(orMissing(Promise.resolve(1))).resolves.toBe(1);
});
