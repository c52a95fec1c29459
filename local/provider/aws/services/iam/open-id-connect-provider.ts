import {
  CreateOpenIDConnectProviderCommand,
  DeleteOpenIDConnectProviderCommand,
  GetOpenIDConnectProviderCommand,
  IAMClient,
} from "@aws-sdk/client-iam";
import type * as aws from "@pulumi/aws";
import { orGone } from "../../framework/errors";
import { fromTagList, toTagList } from "../../framework/tags";
import { defineResource } from "../../framework/types";

export const openIdConnectProvider = defineResource<aws.iam.OpenIdConnectProviderArgs>({
  type: "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
  required: ["url", "clientIdLists"],
  taggable: true,
  // IAM changes clients, thumbprints and tags in place; MiniStack has no such calls, so here every change makes a new
  // provider, which takes the old one's URL.
  deleteBeforeReplace: true,
  unordered: ["clientIdLists"],
  computed: ["arn"],
  async create(inputs, context) {
    const answer = await context.client(IAMClient).send(
      new CreateOpenIDConnectProviderCommand({
        Url: inputs.url,
        ClientIDList: inputs.clientIdLists,
        ThumbprintList: inputs.thumbprintLists,
        Tags: toTagList(inputs.tags),
      }),
    );
    return { id: answer.OpenIDConnectProviderArn! };
  },
  async read(id, properties, context) {
    const found = await orGone(
      context.client(IAMClient).send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: id })),
    );
    if (!found) return undefined;
    return {
      arn: id,
      // IAM answers the URL without its scheme.
      url: properties.url?.replace(/^https:\/\//, "") === found.Url ? properties.url : found.Url,
      clientIdLists: found.ClientIDList,
      // IAM finds a thumbprint of its own where none was given.
      ...(properties.thumbprintLists ? { thumbprintLists: found.ThumbprintList } : {}),
      tags: fromTagList(found.Tags),
    };
  },
  async delete(id, _properties, context) {
    await context
      .client(IAMClient)
      .send(new DeleteOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: id }));
  },
});
