import {
  type Budget,
  BudgetsClient,
  CreateBudgetCommand,
  DeleteBudgetCommand,
  DescribeBudgetCommand,
  ListTagsForResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateBudgetCommand,
} from "@aws-sdk/client-budgets";
import type * as aws from "@pulumi/aws";
import { fromTagList, toTagList, updateTags } from "../../framework/tags";
import { defineResource, type Plain } from "../../framework/types";
import { fieldsFromService, toService } from "../support/casing";
import { orMissing } from "../support/missing";
import {
  type BudgetKey,
  readNotifications,
  replaceNotifications,
  toNotification,
  toSubscribers,
} from "./notifications";

type BudgetInputs = Plain<aws.budgets.BudgetArgs>;

/** The account and the budget inside the id. */
function keyOf(id: string): BudgetKey {
  const colon = id.indexOf(":");
  return { AccountId: id.slice(0, colon), BudgetName: id.slice(colon + 1) };
}

/** "2026-01-31_00:00", as the official provider writes a moment. */
function toDate(text: string | undefined): Date | undefined {
  return text === undefined ? undefined : new Date(`${text.replace("_", "T")}Z`);
}

function fromDate(date: Date | undefined): string | undefined {
  return date?.toISOString().slice(0, 16).replace("T", "_");
}

function toBudget(inputs: BudgetInputs): Budget {
  const { limitAmount, timePeriodStart, timePeriodEnd } = inputs;
  return {
    BudgetName: inputs.name,
    BudgetType: inputs.budgetType as Budget["BudgetType"],
    TimeUnit: inputs.timeUnit as Budget["TimeUnit"],
    BudgetLimit:
      limitAmount === undefined ? undefined : { Amount: limitAmount, Unit: inputs.limitUnit ?? "USD" },
    CostTypes: toService(inputs.costTypes),
    CostFilters:
      inputs.costFilters && Object.fromEntries(inputs.costFilters.map(({ name, values }) => [name, values])),
    AutoAdjustData: toService(inputs.autoAdjustData),
    PlannedBudgetLimits:
      inputs.plannedLimits &&
      Object.fromEntries(
        inputs.plannedLimits.map(({ startTime, amount, unit }) => [
          String(toDate(startTime)!.getTime() / 1000),
          { Amount: amount, Unit: unit },
        ]),
      ),
    TimePeriod:
      timePeriodStart === undefined && timePeriodEnd === undefined
        ? undefined
        : { Start: toDate(timePeriodStart), End: toDate(timePeriodEnd) },
  };
}

/** AWS answers an amount with decimals of its own: "100" comes back as "100.0". */
function amountAsGiven(given: string | undefined, answer: string | undefined): string | undefined {
  return given !== undefined && Number(given) === Number(answer) ? given : answer;
}

export const budget = defineResource<aws.budgets.BudgetArgs>({
  type: "aws:budgets/budget:Budget",
  autoname: { property: "name", maximumLength: 100, transform: (name) => name.replace(/[:\\]/g, "-") },
  required: ["budgetType", "timeUnit"],
  replaceOn: ["name", "accountId"],
  taggable: true,
  unordered: ["notifications", "costFilters"],
  computed: ["arn", "accountId"],

  async create(inputs, context) {
    const AccountId = inputs.accountId ?? (await context.accountId());
    await context.client(BudgetsClient).send(
      new CreateBudgetCommand({
        AccountId,
        Budget: toBudget(inputs),
        NotificationsWithSubscribers: inputs.notifications?.map((given) => ({
          Notification: toNotification(given),
          Subscribers: toSubscribers(given),
        })),
        ResourceTags: toTagList(inputs.tags),
      }),
    );
    const id = `${AccountId}:${inputs.name}`;
    context.created(id);
    return { id };
  },

  async read(id, properties, context) {
    const budgets = context.client(BudgetsClient);
    const key = keyOf(id);
    const answer = await orMissing(budgets.send(new DescribeBudgetCommand(key)));
    const found = answer?.Budget;
    if (!found) return undefined;
    const arn = `arn:aws:budgets::${key.AccountId}:budget/${key.BudgetName}`;
    const { ResourceTags } = await budgets.send(new ListTagsForResourceCommand({ ResourceARN: arn }));
    return {
      name: found.BudgetName,
      accountId: key.AccountId,
      arn,
      budgetType: found.BudgetType,
      timeUnit: found.TimeUnit,
      limitAmount: amountAsGiven(properties.limitAmount, found.BudgetLimit?.Amount),
      limitUnit: found.BudgetLimit?.Unit,
      // The period and the cost types that AWS chose are not the program's; they are only compared where it gave some.
      ...(properties.costTypes && found.CostTypes && { costTypes: fieldsFromService(found.CostTypes) }),
      ...(properties.timePeriodStart !== undefined && { timePeriodStart: fromDate(found.TimePeriod?.Start) }),
      ...(properties.timePeriodEnd !== undefined && { timePeriodEnd: fromDate(found.TimePeriod?.End) }),
      costFilters: Object.entries(found.CostFilters ?? {}).map(([name, values]) => ({ name, values })),
      notifications: await readNotifications(key, context),
      tags: fromTagList(ResourceTags as { Key?: string; Value?: string }[] | undefined),
    };
  },

  async update(id, olds, news, context) {
    const budgets = context.client(BudgetsClient);
    const key = keyOf(id);
    const ResourceARN = String(olds.arn);
    await updateTags(olds.tags, news.tags, {
      set: (tags) => budgets.send(new TagResourceCommand({ ResourceARN, ResourceTags: toTagList(tags) })),
      remove: (ResourceTagKeys) => budgets.send(new UntagResourceCommand({ ResourceARN, ResourceTagKeys })),
    });
    await budgets.send(new UpdateBudgetCommand({ AccountId: key.AccountId, NewBudget: toBudget(news) }));
    await replaceNotifications(key, olds.notifications ?? [], news.notifications ?? [], context);
  },

  async delete(id, _properties, context) {
    await context.client(BudgetsClient).send(new DeleteBudgetCommand(keyOf(id)));
  },
});
