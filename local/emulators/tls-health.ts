import * as fs from "node:fs";
import * as https from "node:https";

/**
 * @param caFile PEM that must have signed the server's certificate; may appear only while the server starts.
 * @throws when the address does not answer with success.
 */
export async function requireOkOverTls(url: string, caFile: string, signal: AbortSignal): Promise<void> {
  const ca = fs.readFileSync(caFile, "utf8");
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const request = https.get(url, { ca, signal, agent: false }, (answer) => {
      answer.resume();
      answer.once("end", () => resolve(answer.statusCode));
    });
    request.once("error", reject);
  });
  if (status !== 200) throw new Error(`${url} answers ${status}`);
}
