import { Journal } from "../shared/journal";
import { runProvider } from "../shared/server";
import { AwsProvider } from "./provider";

void runProvider(new AwsProvider(new Journal(process.env.SANDBOX_JOURNAL)));
