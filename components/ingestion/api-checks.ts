import { apiAddressFault, ApiAuthenticationKind, ApiMethod, ApiPagination } from "../contracts/api-polling";
import { checkSchedule } from "../shared/schedule-check";
import { ArgumentChecker } from "../shared/validation";
import type { ApiSourceArgs } from "./api-args";
import { checkSource } from "./source-args";

/** Headers whose values are credentials. */
const secretHeaders = ["authorization", "cookie", "proxy-authorization", "x-api-key"];

/**
 * Checks the arguments of an `ApiSource`.
 * @throws pulumi.InputPropertiesError naming every wrong argument.
 */
export function checkApiArguments(args: ApiSourceArgs): void {
  const checker = checkSource(new ArgumentChecker(), args)
    .range(args.timeoutSeconds, "timeoutSeconds", 1, 120)
    .range(args.retries, "retries", 0, 10)
    .range(args.maximumPages, "maximumPages", 1, 100_000)
    .range(args.maximumResponseMegabytes, "maximumResponseMegabytes", 1, 32)
    .range(args.breakerFailures, "breakerFailures", 1, 100)
    .range(args.breakerPauseSeconds, "breakerPauseSeconds", 1, 86_400)
    .range(args.heartbeatHours, "heartbeatHours", 1, 168)
    .require(
      args.securityGroupIds === undefined || args.subnetIds !== undefined,
      "securityGroupIds",
      "security groups were given without subnetIds; they belong together",
    );
  checkSchedule(checker, args.scheduleExpression, "scheduleExpression");
  checkRequest(checker, args);
  checkPaging(checker, args);
  checkAuthentication(checker, args);
  checkSize(checker, args);
  checker.done("ApiSource");
}

function checkAddress(checker: ArgumentChecker, address: unknown, path: string): void {
  if (typeof address !== "string") return;
  const fault = apiAddressFault(address);
  checker.require(fault === undefined, path, fault ?? "");
}

function checkRequest(checker: ArgumentChecker, args: ApiSourceArgs): void {
  const { url, method, headers, body, graphqlQuery, graphqlVariables } = args;
  checkAddress(checker, url, "url");
  // A promise or an output has no header names to look at.
  for (const header of Object.keys(headers ?? {})) {
    checker.require(
      !secretHeaders.includes(header.toLowerCase()),
      `headers.${header}`,
      "credentials do not belong into the configuration; give authentication and secretArn",
    );
  }
  checker
    .require(body === undefined || isJson(body), "body", `"${body ?? ""}" was given; JSON is needed`)
    .require(
      body === undefined || method === ApiMethod.Post,
      "body",
      "a body was given with GET; give the method POST",
    )
    .notBoth(graphqlQuery, "graphqlQuery", body, "body")
    .require(
      graphqlVariables === undefined || graphqlQuery !== undefined,
      "graphqlVariables",
      "variables were given without graphqlQuery",
    )
    .require(
      graphqlVariables === undefined || isJsonObject(graphqlVariables),
      "graphqlVariables",
      `"${graphqlVariables ?? ""}" was given; a JSON object is needed`,
    );
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const isJsonObject = (text: string): boolean => isJson(text) && text.trim().startsWith("{");

function checkPaging(checker: ArgumentChecker, { paging, increment, graphqlQuery }: ApiSourceArgs): void {
  checker
    .range(increment?.overlap, "increment.overlap", 0, Number.MAX_SAFE_INTEGER)
    .require(increment?.field !== "", "increment.field", "an empty field was given; a dotted path is needed")
    .require(
      increment?.parameter !== "",
      "increment.parameter",
      "an empty name was given; the name of a parameter is needed",
    );
  if (paging === undefined) return;
  const needsPath = [ApiPagination.Cursor, ApiPagination.GraphQLCursor].includes(paging.kind);
  const kinds = Object.values(ApiPagination);
  checker
    .require(
      kinds.includes(paging.kind),
      "paging.kind",
      `"${paging.kind as string}" was given; allowed are ${kinds.join(", ")}`,
    )
    .require(
      needsPath === (paging.cursorPath !== undefined),
      "paging.cursorPath",
      needsPath
        ? `nothing was given; pages by ${paging.kind} need the path of their token`
        : `"${paging.cursorPath ?? ""}" was given; pages by ${paging.kind} have no token`,
    )
    .require(
      paging.kind !== ApiPagination.GraphQLCursor || graphqlQuery !== undefined,
      "paging.kind",
      `"${paging.kind}" was given without graphqlQuery`,
    )
    .require(
      paging.pageSize === undefined || paging.sizeParameter !== undefined,
      "paging.pageSize",
      `${paging.pageSize} was given without sizeParameter, which would carry it`,
    )
    .range(paging.pageSize, "paging.pageSize", 1, 100_000)
    .range(paging.firstPage, "paging.firstPage", 0, Number.MAX_SAFE_INTEGER);
}

function checkAuthentication(checker: ArgumentChecker, { authentication, secretArn }: ApiSourceArgs): void {
  const kinds = Object.values(ApiAuthenticationKind);
  const isOAuth = authentication?.kind === ApiAuthenticationKind.OAuth2ClientCredentials;
  checker
    .require(
      authentication === undefined || kinds.includes(authentication.kind),
      "authentication.kind",
      `"${authentication?.kind as string}" was given; allowed are ${kinds.join(", ")}`,
    )
    .require(
      (authentication === undefined) === (secretArn === undefined),
      "secretArn",
      authentication === undefined
        ? "a secret was given without authentication, which says how it is used"
        : "nothing was given; the credentials must be in a secret",
    )
    .require(
      isOAuth === (authentication?.tokenUrl !== undefined),
      "authentication.tokenUrl",
      isOAuth
        ? "nothing was given; OAuth 2 needs the address that gives out tokens"
        : "an address was given; only OAuth 2 fetches a token",
    );
  checkAddress(checker, authentication?.tokenUrl, "authentication.tokenUrl");
}

/** Lambda allows 4 KB for all variables together; the rest is for addresses, headers and names. */
const maximumTextBytes = 2500;

function checkSize(checker: ArgumentChecker, args: ApiSourceArgs): void {
  const { graphqlQuery, graphqlVariables, body, paging, increment, authentication } = args;
  const texts = { graphqlQuery, graphqlVariables, body, paging, increment, authentication };
  const bytes = Buffer.byteLength(JSON.stringify(texts));
  checker.require(
    bytes <= maximumTextBytes,
    graphqlQuery === undefined ? "body" : "graphqlQuery",
    `the request has ${bytes} bytes as JSON; at most ${maximumTextBytes} are allowed, because it becomes a variable of the Lambda`,
  );
}
