import { once } from "node:events";
import * as net from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

const TRIES = 4;
const PAUSE_MILLISECONDS = 100;

/** Whether nobody listens on that port of 127.0.0.1. */
export async function isFreePort(port: number): Promise<boolean> {
  for (let tries = 1; !(await canBind(port)); tries++) {
    if (tries === TRIES) return false;
    // Somebody who only looks for a free port holds each one for a moment.
    await sleep(PAUSE_MILLISECONDS);
  }
  return true;
}

/** @throws when nobody accepts connections on that port of 127.0.0.1. */
export async function requireListener(port: number | undefined, signal: AbortSignal): Promise<void> {
  if (port === undefined) throw new Error("The port is not known.");
  const socket = net.connect({ port, host: "127.0.0.1", signal });
  try {
    await once(socket, "connect");
  } finally {
    socket.destroy();
  }
}

function canBind(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
