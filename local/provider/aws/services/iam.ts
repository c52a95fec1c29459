import type { FunctionHandler, ResourceHandler } from "../framework/types";
import { getRole } from "./iam/get-role";
import { instanceProfile } from "./iam/instance-profile";
import { openIdConnectProvider } from "./iam/open-id-connect-provider";
import { policy } from "./iam/policy";
import { getPolicyDocument } from "./iam/policy-document";
import { role } from "./iam/role";
import { rolePolicies } from "./iam/role-policies";
import { serviceLinkedRole } from "./iam/service-linked-role";

export const resources: ResourceHandler[] = [
  role,
  ...rolePolicies,
  policy,
  instanceProfile,
  openIdConnectProvider,
  serviceLinkedRole,
];

export const functions: FunctionHandler[] = [getPolicyDocument, getRole];
