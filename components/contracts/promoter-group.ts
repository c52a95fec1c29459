/**
 * Kubernetes group of the promoter of a model. `ModelPromotion` maps its role to the group, `ModelDeployment` binds the
 * group to the right to change that model's Deployment. Each model has its own, so that no promoter reaches another
 * model.
 */
export function promoterGroup(modelName: string): string {
  return `mlops:promoters:${modelName}`;
}
