import { main } from "@pulumi/pulumi/provider";
import { AwsxProvider } from "./provider";

// A component's process talks back to the engine, so it uses the SDK's own server.
void main(new AwsxProvider(), process.argv.slice(2));
