import type { PolicyComplianceFramework } from "@pulumi/policy";

/** A control of AWS Foundational Security Best Practices, as AWS Security Hub checks it. */
export function securityBestPractice(reference: string, specification: string): PolicyComplianceFramework {
  return { name: "AWS Foundational Security Best Practices", version: "1.0.0", reference, specification };
}

/** A best practice of the AWS Well-Architected Framework. */
export function wellArchitected(reference: string, specification: string): PolicyComplianceFramework {
  return { name: "AWS Well-Architected Framework", version: "2024-11-06", reference, specification };
}

/** A control of the Kubernetes Pod Security Standards. */
export function podSecurityStandard(reference: string, specification: string): PolicyComplianceFramework {
  return { name: "Kubernetes Pod Security Standards", version: "1.25", reference, specification };
}
