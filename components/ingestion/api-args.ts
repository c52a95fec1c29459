import * as pulumi from "@pulumi/pulumi";

import type { ApiAuthentication, ApiIncrement, ApiMethod, ApiPaging } from "../contracts/api-polling";
import type { SourceArgs } from "./source-args";

/** Arguments of `ApiSource`. */
export interface ApiSourceArgs extends SourceArgs {
  /** Address of the API: https, or http to the machine that polls. */
  url: pulumi.Input<string>;
  /** Verb; GraphQL always posts. @default Get */
  method?: ApiMethod;
  /** Headers of every request; credentials belong into `secretArn`. @default none */
  headers?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Query parameters of every request. @default none */
  query?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Body of a POST, as JSON. @default none */
  body?: string;
  /** GraphQL query; it takes pages and what is new as variables. @default the API is a REST API */
  graphqlQuery?: string;
  /** Variables of every GraphQL request, as a JSON object. @default none */
  graphqlVariables?: string;
  /** Where a response holds its list of records; a dotted path such as `data.orders`. @default the response is the list */
  recordsPath?: string;
  /** How the pages follow each other. @default one response holds everything */
  paging?: ApiPaging;
  /** How only what is new is asked for. @default every walk reads everything */
  increment?: ApiIncrement;
  /** How the request shows who asks; goes with `secretArn`. @default it does not */
  authentication?: ApiAuthentication;
  /** Secret in Secrets Manager with the credentials. @default none */
  secretArn?: pulumi.Input<string>;
  /** Key that encrypts the secret, where it is not `kmsKeyArn` or the key of Secrets Manager. @default none */
  secretKmsKeyArn?: pulumi.Input<string>;
  /** When the API is polled, in UTC. @default rate(1 hour) */
  scheduleExpression?: pulumi.Input<string>;
  /** Pages that one call reads at most, 1 to 100000; the next call goes on. @default 1000 */
  maximumPages?: number;
  /** Largest response in megabytes, unpacked, 1 to 32. @default 16 */
  maximumResponseMegabytes?: number;
  /** Seconds that one request may take, 1 to 120. @default 30 */
  timeoutSeconds?: number;
  /** How often a failed request is tried again, with growing pauses and jitter, 0 to 10. @default 4 */
  retries?: number;
  /** Failed requests in a row that open the circuit, 1 to 100: the API is then left alone. @default 5 */
  breakerFailures?: number;
  /** Seconds that an open circuit lets no request through, 1 to 86400; then one request tries. @default 900 */
  breakerPauseSeconds?: number;
  /** Hours without a successful poll after which an alarm rings, 1 to 168. @default 24 */
  heartbeatHours?: number;
  /** Whether the position in the API may be deleted; if not, its table is protected and retained. @default false */
  forceDestroy?: boolean;
  /** Subnets for an API that only a VPC reaches. @default outside of any VPC */
  subnetIds?: pulumi.Input<pulumi.Input<string>[]>;
  /** Security groups of the poller; goes with `subnetIds`. @default the default group of the VPC */
  securityGroupIds?: pulumi.Input<pulumi.Input<string>[]>;
}
