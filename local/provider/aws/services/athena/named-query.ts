import {
  AthenaClient,
  CreateNamedQueryCommand,
  DeleteNamedQueryCommand,
  GetNamedQueryCommand,
} from "@aws-sdk/client-athena";
import type * as aws from "@pulumi/aws";
import { defineResource } from "../../framework/types";
import { orMissing } from "../support/missing";

/** A saved query cannot be changed: every change makes a new one. */
export const namedQuery = defineResource<aws.athena.NamedQueryArgs>({
  type: "aws:athena/namedQuery:NamedQuery",
  autoname: { property: "name", maximumLength: 128 },
  required: ["database", "query"],
  replaceOn: ["database", "description", "name", "query", "workgroup"],

  async create(inputs, context) {
    const { NamedQueryId } = await context.client(AthenaClient).send(
      new CreateNamedQueryCommand({
        Name: inputs.name,
        Database: inputs.database,
        Description: inputs.description,
        QueryString: inputs.query,
        WorkGroup: inputs.workgroup,
      }),
    );
    context.created(NamedQueryId!);
    return { id: NamedQueryId! };
  },

  async read(id, _properties, context) {
    const answer = await orMissing(
      context.client(AthenaClient).send(new GetNamedQueryCommand({ NamedQueryId: id })),
    );
    const found = answer?.NamedQuery;
    if (!found) return undefined;
    return {
      name: found.Name,
      database: found.Database,
      description: found.Description,
      query: found.QueryString,
      workgroup: found.WorkGroup,
    };
  },

  async delete(id, _properties, context) {
    await context.client(AthenaClient).send(new DeleteNamedQueryCommand({ NamedQueryId: id }));
  },
});
