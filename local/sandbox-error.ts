/** An error whose message is the whole story for the user: what is wrong and the way out. Shown without a stack. */
export class SandboxError extends Error {
  override readonly name = "SandboxError";
}
