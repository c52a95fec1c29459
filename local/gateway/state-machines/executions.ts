import {
  HistoryEvent,
  paginateGetExecutionHistory,
  paginateListExecutions,
  SFNClient,
} from "@aws-sdk/client-sfn";

/** How often one activity was scheduled and finished in one execution. */
export interface ActivityCount {
  scheduled: number;
  finished: number;
}

/** Counts of every activity in an execution's history, by the activity's ARN. */
export function countActivities(events: HistoryEvent[]): Map<string, ActivityCount> {
  const counts = new Map<string, ActivityCount>();
  const count = (resource: string | undefined, field: keyof ActivityCount): void => {
    if (!resource?.includes(":activity:")) return;
    const known = counts.get(resource) ?? { scheduled: 0, finished: 0 };
    known[field] += 1;
    counts.set(resource, known);
  };
  for (const event of events) {
    count(event.taskScheduledEventDetails?.resource, "scheduled");
    count(event.taskSucceededEventDetails?.resource, "finished");
    count(event.taskFailedEventDetails?.resource, "finished");
  }
  return counts;
}

/** ARNs of the running executions of some state machines. */
export async function runningExecutions(states: SFNClient, machines: Iterable<string>): Promise<string[]> {
  const arns: string[] = [];
  for (const stateMachineArn of machines) {
    const pages = paginateListExecutions({ client: states }, { stateMachineArn, statusFilter: "RUNNING" });
    for await (const page of pages)
      for (const { executionArn } of page.executions ?? []) if (executionArn) arns.push(executionArn);
  }
  return arns;
}

/** Counts of every activity in one execution so far. */
export async function readActivities(
  states: SFNClient,
  executionArn: string,
): Promise<Map<string, ActivityCount>> {
  const events: HistoryEvent[] = [];
  const request = { executionArn, includeExecutionData: false, maxResults: 1000 };
  for await (const page of paginateGetExecutionHistory({ client: states }, request))
    events.push(...(page.events ?? []));
  return countActivities(events);
}
