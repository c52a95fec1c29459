import type { FunctionHandler, ResourceHandler } from "../framework/types";
import { accessEntry, accessPolicyAssociation } from "./eks/access";
import { addon } from "./eks/addon";
import { cluster } from "./eks/cluster";
import { getCluster, getClusterAuth } from "./eks/cluster-lookup";
import { nodeGroup } from "./eks/node-group";
import { podIdentityAssociation } from "./eks/pod-identity-association";

export const resources: ResourceHandler[] = [
  cluster,
  nodeGroup,
  addon,
  accessEntry,
  accessPolicyAssociation,
  podIdentityAssociation,
];

export const functions: FunctionHandler[] = [getCluster, getClusterAuth];
