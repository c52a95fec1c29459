import { ArgumentChecker } from "../shared/validation";
import { KafkaAuthentication, KafkaSourceArgs } from "./kafka-args";
import { checkSource } from "./source-args";

/**
 * Checks the arguments of a Kafka source.
 * @throws pulumi.InputPropertiesError naming every wrong one.
 */
export function checkKafka(args: KafkaSourceArgs): void {
  const checker = checkSource(new ArgumentChecker(), args)
    .notBoth(args.existingClusterArn, "existingClusterArn", args.bootstrapServers, "bootstrapServers")
    .range(args.batchSize, "batchSize", 1, 10_000)
    .range(args.batchingWindowSeconds, "batchingWindowSeconds", 0, 300);
  checkPlace(checker, args);
  checkAuthentication(checker, args);
  checker.done("KafkaSource");
}

function checkPlace(checker: ArgumentChecker, args: KafkaSourceArgs): void {
  const { bootstrapServers, existingClusterArn, subnetIds, securityGroupIds } = args;
  if (existingClusterArn !== undefined) {
    for (const [path, value] of Object.entries({ subnetIds, securityGroupIds })) {
      checker.require(
        value === undefined,
        path,
        `${path} was given with existingClusterArn; Lambda takes it from the cluster`,
      );
    }
    return;
  }
  if (bootstrapServers === undefined) {
    for (const [path, value] of Object.entries({ subnetIds, securityGroupIds })) {
      checker.require(
        value !== undefined,
        path,
        `nothing was given; a created cluster needs ${path}, or give existingClusterArn or bootstrapServers`,
      );
    }
    return;
  }
  checker.require(
    (subnetIds === undefined) === (securityGroupIds === undefined),
    "subnetIds",
    "subnetIds and securityGroupIds go together; give both or none",
  );
  if (!Array.isArray(bootstrapServers)) return;
  checker.require(bootstrapServers.length > 0, "bootstrapServers", "none was given; at least one is needed");
  (bootstrapServers as unknown[]).forEach((server, index) => {
    checker.require(
      typeof server !== "string" || /^[^\s:/]+:\d{1,5}$/.test(server),
      `bootstrapServers[${index}]`,
      `"${String(server)}" was given; host:port is needed`,
    );
  });
}

function checkAuthentication(checker: ArgumentChecker, args: KafkaSourceArgs): void {
  const selfManaged = args.bootstrapServers !== undefined;
  const authentication = authenticationOf(args);
  const allowed = selfManaged
    ? [KafkaAuthentication.Scram512, KafkaAuthentication.Plain]
    : args.existingClusterArn === undefined
      ? [KafkaAuthentication.Iam]
      : [KafkaAuthentication.Iam, KafkaAuthentication.Scram512];
  checker
    .require(
      allowed.includes(authentication),
      "authentication",
      `${authentication} was given; this cluster allows ${allowed.join(" and ")}`,
    )
    .require(
      (authentication === KafkaAuthentication.Iam) === (args.credentialsSecretArn === undefined),
      "credentialsSecretArn",
      `the authentication ${authentication} ${authentication === KafkaAuthentication.Iam ? "takes no secret" : "needs a secret"}`,
    )
    .require(
      selfManaged || args.certificateAuthoritySecretArn === undefined,
      "certificateAuthoritySecretArn",
      "it was given for an MSK cluster, whose certificates are public",
    );
}

/** The authentication that the caller chose, or the usual one of the cluster. */
export function authenticationOf({ authentication, bootstrapServers }: KafkaSourceArgs): KafkaAuthentication {
  return (
    authentication ??
    (bootstrapServers === undefined ? KafkaAuthentication.Iam : KafkaAuthentication.Scram512)
  );
}
