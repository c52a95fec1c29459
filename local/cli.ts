/** `npm run local -- <command>`: the sandbox on the command line. Commands are read when they run, for a quick start. */
import { Command, InvalidArgumentError, Option } from "commander";
import type { CommandOptions } from "./commands/options";
import { DEFAULT_SANDBOX_NAME, SandboxError } from "./sandbox";

// The SDK announces at every start that it will one day want a newer Node than this project supports; the switch is its own.
process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";

const program = new Command("local")
  .description("Deploys the platform to emulators on this machine. Without a command: up and demo.")
  .addOption(new Option("--name <name>", "name of the sandbox").default(DEFAULT_SANDBOX_NAME))
  .addOption(
    new Option("--port-base <port>", "first of the consecutive ports that a new sandbox uses").argParser(
      whole,
    ),
  )
  .option("--controllers", "also start controller-manager and scheduler")
  .option("--yes", "do not ask before something is deleted")
  .option("--verbose", "show where an error comes from")
  .showHelpAfterError()
  .action(async () => {
    const { upCommand } = await import("./commands/up.js");
    const { runDemoOn } = await import("./commands/demo.js");
    const { sandbox, deployment } = await upCommand(options());
    await runDemoOn(sandbox, deployment.outputs);
  });

const options = () => program.opts<CommandOptions & { verbose?: boolean }>();

program
  .command("up")
  .description("start the emulators and deploy the local environment")
  .action(async () => {
    await (await import("./commands/up.js")).upCommand(options());
  });
program
  .command("demo")
  .description("put a real data set through the deployed platform")
  .action(async () => (await import("./commands/demo.js")).demoCommand(options()));
program
  .command("status")
  .description("say what runs and what is deployed")
  .action(async () => (await import("./commands/status.js")).statusCommand(options()));
program
  .command("logs [daemon]")
  .description("print the end of the logs")
  .addOption(new Option("--lines <count>", "lines of each log").default(40).argParser(whole))
  .action(async (daemon: string | undefined, { lines }: { lines: number }) =>
    (await import("./commands/logs.js")).logsCommand(daemon, { ...options(), lines }),
  );
program
  .command("preview [environment]")
  .description("say what up would make in an environment, or in each of them")
  .action(async (environment: string | undefined) =>
    (await import("./commands/preview.js")).previewCommand(environment, options()),
  );
program
  .command("destroy")
  .description("delete everything of the local environment; the emulators go on running")
  .action(async () => (await import("./commands/destroy.js")).destroyCommand(options()));
program
  .command("down")
  .description("end the emulators")
  .action(async () => (await import("./commands/down.js")).downCommand(options()));
program
  .command("reset")
  .description("end the emulators and delete the sandbox")
  .action(async () => (await import("./commands/down.js")).resetCommand(options()));
program
  .command("doctor")
  .description("say what the sandbox needs and has")
  .action(async () => (await import("./commands/doctor.js")).doctorCommand());

// Options may stand before or after the command.
for (const command of program.commands) {
  for (const option of program.options) command.addOption(option);
  command.hook("preAction", (_, action) => {
    const own = action.opts();
    for (const option of program.options) {
      const name = option.attributeName();
      if (action.getOptionValueSource(name) === "cli")
        program.setOptionValueWithSource(name, own[name], "cli");
    }
  });
}

function whole(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("It has to be a whole number.");
  return Number(text);
}

function show(error: unknown): void {
  const known = error instanceof SandboxError;
  if (options().verbose) console.error(error);
  else if (known) console.error(`Error: ${error.message}`);
  else
    console.error(
      `Unexpected error: ${error instanceof Error ? error.message : String(error)} (--verbose says where)`,
    );
}

program.parseAsync().then(
  // Connections that a client keeps open must not keep the command running.
  () => process.exit(),
  (error: unknown) => {
    show(error);
    process.exit(1);
  },
);
