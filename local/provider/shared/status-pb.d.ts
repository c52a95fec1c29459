/** Pulumi's package carries this message without types. */
declare module "@pulumi/pulumi/proto/status_pb" {
  import type { Any } from "google-protobuf/google/protobuf/any_pb";

  export class Status {
    setCode(code: number): void;
    setMessage(message: string): void;
    addDetails(details: Any): void;
    serializeBinary(): Uint8Array;
  }
}
