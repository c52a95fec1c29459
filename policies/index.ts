/** Entry of the policy pack. Importing it starts a server, so nothing else imports it. */
import { PolicyPack } from "@pulumi/policy";

import { packName, policiesFor } from "./pack";
import { environmentAtStart } from "./shared/environment";

new PolicyPack(packName, {
  displayName: "Pulumi MLOps",
  description: "Checks for machine learning platforms on AWS and Kubernetes.",
  provider: "AWS",
  tags: ["mlops", "sagemaker", "kubernetes"],
  policies: policiesFor(environmentAtStart()),
});
