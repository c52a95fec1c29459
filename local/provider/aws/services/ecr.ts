import type { ResourceHandler } from "../framework/types";
import { lifecyclePolicy, repositoryPolicy } from "./ecr/policies";
import { repository } from "./ecr/repository";
import { recorded } from "./support/recorded";

export const resources: ResourceHandler[] = [
  repository,
  lifecyclePolicy,
  repositoryPolicy,
  recorded(
    "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration",
    "the emulator has no scanning configuration of the registry",
    async (_id, _inputs, context) => ({ registryId: await context.accountId() }),
  ),
];
