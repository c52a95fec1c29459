import {
  CreateEndpointCommand,
  type CreateEndpointCommandInput,
  DatabaseMigrationServiceClient,
  DeleteEndpointCommand,
  DescribeEndpointsCommand,
  type Endpoint,
  ModifyEndpointCommand,
} from "@aws-sdk/client-database-migration-service";
import { toTagList } from "../../framework/tags";
import type { HandlerContext } from "../../framework/types";
import { orMissing } from "../support/missing";
import { waitUntil } from "../support/wait";
import { changeTags } from "./tagging";

type Tags = Record<string, string> | undefined;

/** The endpoint with an identifier, undefined where there is none. */
export async function findEndpoint(
  identifier: string,
  context: HandlerContext,
): Promise<Endpoint | undefined> {
  const answer = await orMissing(
    context
      .client(DatabaseMigrationServiceClient)
      .send(new DescribeEndpointsCommand({ Filters: [{ Name: "endpoint-id", Values: [identifier] }] })),
  );
  return answer?.Endpoints?.find(({ EndpointIdentifier }) => EndpointIdentifier === identifier);
}

/** Makes an endpoint; its identifier is the resource's id. */
export async function createEndpoint(
  request: CreateEndpointCommandInput,
  tags: Tags,
  context: HandlerContext,
): Promise<{ id: string }> {
  await context
    .client(DatabaseMigrationServiceClient)
    .send(new CreateEndpointCommand({ ...request, Tags: tags && toTagList(tags) }));
  const id = request.EndpointIdentifier!;
  context.created(id);
  return { id };
}

/** Changes an endpoint in place; what the request leaves out stays as it was. */
export async function modifyEndpoint(
  EndpointArn: unknown,
  request: Partial<CreateEndpointCommandInput>,
  tags: { olds: Tags; news: Tags },
  context: HandlerContext,
): Promise<void> {
  await changeTags(EndpointArn, tags.olds, tags.news, context);
  await context
    .client(DatabaseMigrationServiceClient)
    .send(new ModifyEndpointCommand({ ...request, EndpointArn: String(EndpointArn) }));
}

export async function deleteEndpoint(identifier: string, context: HandlerContext): Promise<void> {
  const found = await findEndpoint(identifier, context);
  if (!found) return;
  await context
    .client(DatabaseMigrationServiceClient)
    .send(new DeleteEndpointCommand({ EndpointArn: found.EndpointArn }));
  await waitUntil(
    `the deletion of the endpoint ${identifier}`,
    () => findEndpoint(identifier, context),
    (endpoint) => endpoint === undefined,
    { seconds: 600 },
  );
}
