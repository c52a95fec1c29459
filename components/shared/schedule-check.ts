import type { ArgumentChecker } from "./validation";

/** Notes a fault when a value that is known already is no EventBridge schedule. */
export function checkSchedule(checker: ArgumentChecker, value: unknown, path: string): void {
  if (typeof value !== "string") return;
  checker.require(
    /^(rate|cron)\(.+\)$/.test(value),
    path,
    `"${value}" was given; a schedule such as rate(1 hour) or cron(0 3 ? * SUN *) is needed`,
  );
}
