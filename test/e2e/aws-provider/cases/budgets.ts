import { BudgetsClient, DescribeBudgetsCommand, UpdateBudgetCommand } from "@aws-sdk/client-budgets";
import * as budgets from "@pulumi/aws/budgets";
import type { ServiceCase } from "../service-case";

const account = "123456789012";

export const budgetsCase: ServiceCase = {
  service: "budgets",
  program(changed) {
    new budgets.Budget("monthly", {
      name: "case-monthly",
      budgetType: "COST",
      timeUnit: "MONTHLY",
      limitAmount: changed ? "200" : "100",
      limitUnit: "USD",
      costFilters: [{ name: "TagKeyValue", values: ["user:team$ml"] }],
      notifications: [
        {
          comparisonOperator: "GREATER_THAN",
          notificationType: "FORECASTED",
          threshold: changed ? 90 : 80,
          thresholdType: "PERCENTAGE",
          subscriberEmailAddresses: ["team@example.com"],
        },
      ],
      tags: { team: "ml" },
    });
  },
  updated: ["aws:budgets/budget:Budget monthly"],
  async tamper({ aws }) {
    const client = new BudgetsClient(aws);
    await client.send(
      new UpdateBudgetCommand({
        AccountId: account,
        NewBudget: {
          BudgetName: "case-monthly",
          BudgetType: "COST",
          TimeUnit: "MONTHLY",
          BudgetLimit: { Amount: "9999", Unit: "USD" },
          CostFilters: { TagKeyValue: ["user:team$ml"] },
        },
      }),
    );
  },
  repaired: ["aws:budgets/budget:Budget monthly"],
  async leftovers({ aws }) {
    return (
      (await new BudgetsClient(aws).send(new DescribeBudgetsCommand({ AccountId: account }))).Budgets ?? []
    );
  },
};
