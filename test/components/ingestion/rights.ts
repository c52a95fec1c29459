import { MockedDeployment, parsePolicy } from "../../support/pulumi-mocks";

/** What a role may do on which resources, by the id of the statement. */
export function rightsOf(
  deployed: MockedDeployment<unknown>,
  role: string,
): Record<string, [unknown, unknown]> {
  const { inputs } = deployed.one("aws:iam/rolePolicy:RolePolicy", role);
  return Object.fromEntries(
    parsePolicy(inputs.policy).Statement.map(({ Sid, Action, Resource }) => [Sid ?? "", [Action, Resource]]),
  );
}
