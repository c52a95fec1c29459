import * as pulumi from "@pulumi/pulumi";

/**
 * Physical name for the few kinds that AWS does not let Pulumi name by itself (SageMaker feature groups, model
 * package groups and tracking servers; EKS clusters whose log group must exist first). The stack's name keeps the
 * environments of one account apart. Everything else is autonamed.
 * @throws pulumi.InputPropertyError when the name breaks the rules of the service.
 */
export function physicalName(name: string, maximumLength: number, path: string): string {
  const physical = `${pulumi.getStack()}-${name}`.replace(/[^A-Za-z0-9]+/g, "-").replace(/^-|-$/g, "");
  if (physical.length > maximumLength) {
    throw new pulumi.InputPropertyError({
      propertyPath: path,
      reason: `the name "${physical}" made from the stack and the component has ${physical.length} characters; allowed are ${maximumLength}; choose a shorter name or give ${path}`,
    });
  }
  return physical;
}
