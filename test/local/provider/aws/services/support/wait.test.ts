import { waitUntil } from "../../../../../../local/provider/aws/services/support/wait";

it("looks until it sees what it waits for", async () => {
  let looks = 0;
  const seen = await waitUntil(
    "it",
    async () => ++looks,
    (number) => number === 3,
    { intervalMilliseconds: 1 },
  );
  expect(seen).toBe(3);
});

it("names what did not become ready", async () => {
  const never = waitUntil(
    "the cluster a",
    async () => 0,
    () => false,
    { seconds: 0.02, intervalMilliseconds: 5 },
  );
  await expect(never).rejects.toThrow("the cluster a is not ready after 0.02 seconds");
});
