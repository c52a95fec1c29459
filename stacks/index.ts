import * as pulumi from "@pulumi/pulumi";

import { parsePlatformConfig } from "./config";
import { deployPlatform, guardAccount } from "./platform";

/** The program of `pulumi up`. */
export = async () => {
  const config = parsePlatformConfig(new pulumi.Config("mlops").requireObject("platform"));
  await guardAccount(config);
  return deployPlatform(config);
};
