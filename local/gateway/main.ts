import { readConfiguration } from "./configuration";
import { log, reasonOf } from "./log";
import { startGateway } from "./start-gateway";

async function main(): Promise<void> {
  const gateway = await startGateway(readConfiguration(process.env));
  const end = (signal: NodeJS.Signals): void => {
    log("gateway", `ends on ${signal}`);
    gateway.close().then(
      () => process.exit(0),
      (error: unknown) => {
        log("gateway", `did not end cleanly: ${reasonOf(error)}`);
        process.exit(1);
      },
    );
  };
  process.once("SIGTERM", end);
  process.once("SIGINT", end);
}

main().catch((error: unknown) => {
  log("gateway", `could not start: ${reasonOf(error)}`);
  process.exit(1);
});
