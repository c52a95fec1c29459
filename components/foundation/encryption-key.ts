import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { CommonArgs } from "../shared/common-args";
import { dataProtection } from "../shared/data-protection";
import { ArgumentChecker } from "../shared/validation";
import { encryptionKeyPolicy } from "./encryption-key-policy";

/** Arguments of {@link EncryptionKey}. */
export interface EncryptionKeyArgs extends CommonArgs {
  /** ARN of a key to use; nothing is created then, and the key's own policy must let the services in. @default a key is created */
  existingKeyArn?: pulumi.Input<string>;
  /** What the key is for, as the AWS console shows it. @default "Encrypts the data of the MLOps platform" */
  description?: pulumi.Input<string>;
  /** Days between the order to delete the key and its end, 7 to 30. @default 30 */
  deletionWindowDays?: pulumi.Input<number>;
  /** Days after which KMS makes new key material, 90 to 2560. @default 365 */
  rotationPeriodDays?: pulumi.Input<number>;
  /** Whether the key may be deleted with its stack; if not, it is protected and retained. @default false */
  forceDestroy?: boolean;
}

/** The KMS key that encrypts what the platform stores, sends and logs, or an existing one. */
export class EncryptionKey extends pulumi.ComponentResource {
  /** ARN of the key. */
  public readonly keyArn: pulumi.Output<string>;
  /** Id of the key. */
  public readonly keyId: pulumi.Output<string>;

  /** @throws pulumi.InputPropertiesError naming every wrong argument. */
  constructor(name: string, args: EncryptionKeyArgs, opts?: pulumi.ComponentResourceOptions) {
    checkArguments(args);
    super("mlops:index:EncryptionKey", name, args, opts);
    if (args.existingKeyArn === undefined) {
      const key = createKey(name, args, this);
      this.keyArn = key.arn;
      this.keyId = key.keyId;
    } else {
      this.keyArn = pulumi.output(args.existingKeyArn);
      this.keyId = this.keyArn.apply((arn) => arn.slice(arn.lastIndexOf("/") + 1));
    }
    this.registerOutputs({ keyArn: this.keyArn, keyId: this.keyId });
  }
}

function checkArguments(args: EncryptionKeyArgs): void {
  new ArgumentChecker()
    .notBoth(args.existingKeyArn, "existingKeyArn", args.description, "description")
    .notBoth(args.existingKeyArn, "existingKeyArn", args.deletionWindowDays, "deletionWindowDays")
    .notBoth(args.existingKeyArn, "existingKeyArn", args.rotationPeriodDays, "rotationPeriodDays")
    .range(args.deletionWindowDays, "deletionWindowDays", 7, 30)
    .range(args.rotationPeriodDays, "rotationPeriodDays", 90, 2560)
    .done("EncryptionKey");
}

function createKey(name: string, args: EncryptionKeyArgs, parent: EncryptionKey): aws.kms.Key {
  const key = new aws.kms.Key(
    name,
    {
      description: args.description ?? "Encrypts the data of the MLOps platform",
      deletionWindowInDays: args.deletionWindowDays ?? 30,
      enableKeyRotation: true,
      rotationPeriodInDays: args.rotationPeriodDays ?? 365,
      policy: encryptionKeyPolicy(parent),
      tags: args.tags,
    },
    { parent, ...dataProtection(args.forceDestroy) },
  );
  new aws.kms.Alias(name, { targetKeyId: key.keyId }, { parent: key });
  return key;
}
