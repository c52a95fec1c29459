import { GetRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { fromTagList } from "../../framework/tags";
import type { FunctionHandler } from "../../framework/types";
import { decodeDocument } from "./document";

export const getRole: FunctionHandler = {
  token: "aws:iam/getRole:getRole",
  async invoke(args, context) {
    const { Role } = await context
      .client(IAMClient)
      .send(new GetRoleCommand({ RoleName: String(args.name) }));
    return {
      id: Role?.RoleName,
      name: Role?.RoleName,
      arn: Role?.Arn,
      uniqueId: Role?.RoleId,
      path: Role?.Path,
      description: Role?.Description ?? "",
      createDate: Role?.CreateDate?.toISOString(),
      maxSessionDuration: Role?.MaxSessionDuration,
      assumeRolePolicy: decodeDocument(Role?.AssumeRolePolicyDocument),
      permissionsBoundary: Role?.PermissionsBoundary?.PermissionsBoundaryArn ?? "",
      tags: fromTagList(Role?.Tags),
    };
  },
};
