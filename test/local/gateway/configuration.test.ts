import { readConfiguration } from "../../../local/gateway/configuration";

const whole = {
  GATEWAY_PORT: "4570",
  MINISTACK_URL: "http://127.0.0.1:4566",
  MOTO_URL: "http://127.0.0.1:5000",
  SANDBOX_ROOT: "/sandbox",
  PYTHON: "/venv/bin/python",
};

describe("readConfiguration", () => {
  it("fills in defaults", () => {
    expect(readConfiguration(whole)).toMatchObject({
      port: 4570,
      root: "/sandbox",
      region: "us-east-1",
      accountId: "123456789012",
      kubernetesUrl: undefined,
      alarmIntervalMilliseconds: 2000,
      stopGraceMilliseconds: 10_000,
    });
  });

  it("takes what is set", () => {
    const environment = {
      ...whole,
      ALARM_INTERVAL_MS: "250",
      KUBERNETES_URL: "https://127.0.0.1:6443",
      AWS_REGION: "eu-central-1",
    };
    expect(readConfiguration(environment)).toMatchObject({
      alarmIntervalMilliseconds: 250,
      kubernetesUrl: "https://127.0.0.1:6443",
      region: "eu-central-1",
    });
  });

  it("names every wrong variable at once", () => {
    const environment = { ...whole, GATEWAY_PORT: "http", MOTO_URL: undefined, ACCOUNT_ID: "12" };
    expect(() => readConfiguration(environment)).toThrow(
      /GATEWAY_PORT[\s\S]*MOTO_URL|MOTO_URL[\s\S]*GATEWAY_PORT/,
    );
    expect(() => readConfiguration(environment)).toThrow(/must be 12 digits/);
  });
});
