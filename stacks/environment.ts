/** Environments that the platform knows; `local` is the sandbox. */
export enum Environment {
  Local = "local",
  Dev = "dev",
  Staging = "staging",
  Prod = "prod",
}
