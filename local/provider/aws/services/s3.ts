import type { FunctionHandler, ResourceHandler } from "../framework/types";
import { bucket } from "./s3/bucket";
import { getBucket } from "./s3/functions";
import { management } from "./s3/management";
import { notification } from "./s3/notification";
import { object } from "./s3/object";
import { protection } from "./s3/protection";
import { recorded } from "./support/recorded";

export const resources: ResourceHandler[] = [
  bucket,
  ...protection,
  ...management,
  notification,
  object,
  recorded(
    "aws:s3/bucketIntelligentTieringConfiguration:BucketIntelligentTieringConfiguration",
    "MiniStack takes the call and keeps nothing of it",
  ),
];

export const functions: FunctionHandler[] = [getBucket];
