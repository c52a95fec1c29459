import type { ResourceHandler } from "../framework/types";
import { deliveryStream } from "./kinesis/delivery-stream";
import { stream } from "./kinesis/stream";
import { streamConsumer } from "./kinesis/stream-consumer";

export const resources: ResourceHandler[] = [stream, streamConsumer, deliveryStream];
