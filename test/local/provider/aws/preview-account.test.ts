import { AwsProvider } from "../../../../local/provider/aws/provider";
import { Journal } from "../../../../local/provider/shared/journal";

const account = "210987654321";

/** No emulator runs here: a call to one would fail. */
describe("a preview of another environment", () => {
  const before = { ...process.env };
  let provider: AwsProvider;
  beforeEach(async () => {
    Object.assign(process.env, { SANDBOX_PREVIEW_ACCOUNT: account, AWS_ENDPOINT_URL: "http://127.0.0.1:9" });
    provider = new AwsProvider(new Journal(undefined));
    await provider.configure("a", { region: "eu-west-1", allowedAccountIds: `["${account}"]` });
  });
  afterEach(() => {
    process.env = { ...before };
  });

  const invoke = (token: string, args = {}) => provider.invoke({ connection: "a", token, args });

  it("is in that environment's account", async () => {
    expect(await invoke("aws:index/getCallerIdentity:getCallerIdentity")).toMatchObject({
      accountId: account,
    });
    await expect(provider.configure("b", { allowedAccountIds: '["1"]' })).rejects.toThrow(
      `account ${account}`,
    );
  });

  it("is in the region that the provider is configured for, with its zones", async () => {
    expect(await invoke("aws:index/getRegion:getRegion")).toMatchObject({
      region: "eu-west-1",
      name: "eu-west-1",
    });
    const zones = await invoke("aws:index/getAvailabilityZones:getAvailabilityZones", { state: "available" });
    expect(zones).toMatchObject({ names: ["eu-west-1a", "eu-west-1b", "eu-west-1c"] });
  });

  it("says which look-ups it does not serve", async () => {
    await expect(invoke("aws:unheard/getOf:getOf")).rejects.toThrow(
      "aws:unheard/getOf:getOf: the sandbox does not serve this function",
    );
  });
});
