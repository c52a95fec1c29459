import { type Fixture, resource } from "./fixture";

/** A Deployment of the namespace `models` with the given pod spec. */
export function deployment(
  spec: object,
  labels: object = { app: "server" },
  metadata: object = { namespace: "models" },
): Fixture {
  return resource("kubernetes:apps/v1:Deployment", "server", {
    metadata: { name: "server", ...metadata },
    spec: { template: { metadata: { labels }, spec } },
  });
}
