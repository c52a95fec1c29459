import * as pulumi from "@pulumi/pulumi";

import {
  environmentAtStart,
  environmentOfStack,
  resolveEnvironment,
} from "../../../policies/shared/environment";

jest.mock("@pulumi/pulumi", () => ({ getStack: jest.fn() }));
const getStack = jest.mocked(pulumi.getStack);

test.each([
  ["local", "local"],
  ["dev", "dev"],
  ["acme/flights/dev-eu", "dev"],
  ["Development", "dev"],
  ["stage_2", "staging"],
  ["flights-production", "prod"],
  ["prod", "prod"],
  ["stack", undefined],
  ["team-a", undefined],
  ["product", undefined],
  ["constructor", undefined],
  ["", undefined],
])("the stack %p is of the environment %p", (stack, environment) => {
  expect(environmentOfStack(stack)).toBe(environment);
});

test.each([
  { configured: "staging", stack: "prod", urn: "urn:pulumi:dev::p::t::n", expected: "staging" },
  { configured: "unheard-of", stack: "prod", urn: "urn:pulumi:dev::p::t::n", expected: "prod" },
  { configured: undefined, stack: "local", urn: "urn:pulumi:dev::p::t::n", expected: "local" },
  { configured: undefined, stack: "stack", urn: "urn:pulumi:dev::p::t::n", expected: "dev" },
  { configured: undefined, stack: "stack", urn: "urn:pulumi:team-a::dev::t::n", expected: "prod" },
  { configured: undefined, stack: "", urn: "", expected: "prod" },
])(
  "a resource takes its environment in order from config, stack, URN: $expected",
  ({ configured, stack, urn, expected }) => {
    getStack.mockReturnValue(stack);
    expect(resolveEnvironment(configured, urn)).toBe(expected);
  },
);

test.each([
  ["dev", "dev"],
  ["stack", "prod"],
])("a pack that starts for the stack %s has the levels of %s", (stack, expected) => {
  getStack.mockReturnValue(stack);
  expect(environmentAtStart()).toBe(expected);
});
