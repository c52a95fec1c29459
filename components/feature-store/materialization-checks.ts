import { checkSchedule } from "../shared/schedule-check";
import type { ArgumentChecker } from "../shared/validation";
import type { MaterializationSettings } from "./materialization";

/** Notes every fault in the settings of a materialization. */
export function checkMaterialization(checker: ArgumentChecker, args: MaterializationSettings): void {
  const every = args.expectedEverySeconds;
  checker
    .range(args.maximumLagSeconds, "maximumLagSeconds", 60, 604_800)
    .range(args.memoryMegabytes, "memoryMegabytes", 512, 10_240)
    .range(args.temporaryMegabytes, "temporaryMegabytes", 512, 10_240)
    .require(
      every === undefined || (every >= 60 && every <= 86_400 && every % 60 === 0),
      "expectedEverySeconds",
      `${every} was given; allowed are multiples of 60 from 60 to 86400`,
    );
  checkSchedule(checker, args.scheduleExpression, "scheduleExpression");
}
