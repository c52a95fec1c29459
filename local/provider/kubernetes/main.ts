import { Journal } from "../shared/journal";
import { runProvider } from "../shared/server";
import { KubernetesProvider } from "./provider";

const { KUBECONFIG, SANDBOX_JOURNAL } = process.env;
if (!KUBECONFIG) throw new Error("KUBECONFIG must name the kubeconfig of the sandbox.");

void runProvider(new KubernetesProvider(KUBECONFIG, new Journal(SANDBOX_JOURNAL)));
