import {
  DescribeFeatureGroupCommand,
  FeatureDefinition,
  SageMakerClient,
  UpdateFeatureGroupCommand,
} from "@aws-sdk/client-sagemaker";

import { updateGroup } from "../../../lambdas/feature-group-updater/update-group";

/** A feature group that needs a look or two before it is ready, as the real one does. */
class FakeGroup {
  readonly additions: number[] = [];
  private pending = 1;

  constructor(
    readonly features: FeatureDefinition[],
    private readonly fault?: string,
  ) {}

  get client(): SageMakerClient {
    return {
      send: (command: unknown) => Promise.resolve(this.answer(command)),
    } as unknown as SageMakerClient;
  }

  private answer(command: unknown): object {
    if (command instanceof DescribeFeatureGroupCommand) return this.describe();
    if (!(command instanceof UpdateFeatureGroupCommand)) throw new Error("An unexpected call.");
    if (this.pending > 0) throw new Error("The group is being changed.");
    const added = command.input.FeatureAdditions ?? [];
    this.additions.push(added.length);
    this.features.push(...added);
    this.pending = 2;
    return {};
  }

  private describe(): object {
    const busy = this.pending-- > 0;
    const done = this.fault === undefined ? "Successful" : "Failed";
    return {
      FeatureGroupStatus: "Created",
      FeatureDefinitions: [...this.features],
      LastUpdateStatus: { Status: busy ? "InProgress" : done, FailureReason: this.fault },
    };
  }
}

const live = (): FeatureDefinition[] => [
  { FeatureName: "id", FeatureType: "String" },
  { FeatureName: "wind", FeatureType: "Fractional" },
];
const id = { name: "id", type: "String" };
const wind = { name: "wind", type: "Fractional" };
const request = (features: object[], more = {}) => ({ featureGroupName: "weather", features, ...more });

test("adds what is missing, a hundred at a time, and waits for each", async () => {
  const group = new FakeGroup(live());
  const many = Array.from({ length: 120 }, (_, index) => ({ name: `f${index}`, type: "Integral" }));
  const answer = await updateGroup(group.client, request([id, wind, ...many]), 0);
  expect(answer.added).toHaveLength(120);
  expect(group.additions).toEqual([100, 20]);
  expect(group.features).toHaveLength(122);
});

test("changes nothing when nothing is missing, also what somebody added by hand", async () => {
  const group = new FakeGroup([...live(), { FeatureName: "by_hand", FeatureType: "String" }]);
  expect(await updateGroup(group.client, request([id, wind]), 0)).toEqual({
    featureGroupName: "weather",
    added: [],
  });
  expect(group.additions).toEqual([]);
});

const refused: [string, object, RegExp][] = [
  [
    "another type",
    request([id, { ...wind, type: "Integral" }]),
    /wind changed its type from Fractional to Integral/,
  ],
  [
    "less than before",
    request([id], { tf: { action: "update", prev_input: request([id, wind]) } }),
    /wind was taken away.*deprecated: true/,
  ],
];

test.each(refused)("refuses %s before it changes anything", async (_case, event, sentence) => {
  const group = new FakeGroup(live());
  await expect(updateGroup(group.client, event, 0)).rejects.toThrow(sentence);
  expect(group.additions).toEqual([]);
});

test("does not ask for a group that is about to go", async () => {
  const client = { send: () => Promise.reject(new Error("gone")) } as unknown as SageMakerClient;
  expect(await updateGroup(client, request([id], { tf: { action: "delete" } }), 0)).toMatchObject({
    added: [],
  });
});

test("tells why its own change failed, and an earlier failure does not stop it", async () => {
  const group = new FakeGroup(live(), "no capacity");
  // What the service shows until an update succeeds.
  await expect(updateGroup(group.client, request([id, wind]), 0)).resolves.toMatchObject({ added: [] });
  await expect(
    updateGroup(group.client, request([id, wind, { name: "new", type: "String" }]), 0),
  ).rejects.toThrow("no capacity");
});
