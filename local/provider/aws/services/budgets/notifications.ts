import {
  BudgetsClient,
  type ComparisonOperator,
  CreateNotificationCommand,
  DeleteNotificationCommand,
  DescribeNotificationsForBudgetCommand,
  DescribeSubscribersForNotificationCommand,
  type Notification,
  type NotificationType,
  type Subscriber,
  type ThresholdType,
} from "@aws-sdk/client-budgets";
import type * as aws from "@pulumi/aws";
import type { HandlerContext, Plain } from "../../framework/types";

export type NotificationInputs = NonNullable<Plain<aws.budgets.BudgetArgs>["notifications"]>[number];

/** A budget inside its account. */
export interface BudgetKey {
  AccountId: string;
  BudgetName: string;
}

export function toNotification(given: NotificationInputs): Notification {
  return {
    ComparisonOperator: given.comparisonOperator as ComparisonOperator,
    NotificationType: given.notificationType as NotificationType,
    Threshold: given.threshold,
    ThresholdType: given.thresholdType as ThresholdType,
  };
}

export function toSubscribers(given: NotificationInputs): Subscriber[] {
  const email = (given.subscriberEmailAddresses ?? []).map((Address) => ({
    SubscriptionType: "EMAIL" as const,
    Address,
  }));
  const topics = (given.subscriberSnsTopicArns ?? []).map((Address) => ({
    SubscriptionType: "SNS" as const,
    Address,
  }));
  return [...email, ...topics];
}

/** The notifications of a budget with their subscribers, as the program writes them. */
export async function readNotifications(
  key: BudgetKey,
  context: HandlerContext,
): Promise<NotificationInputs[]> {
  const budgets = context.client(BudgetsClient);
  const { Notifications = [] } = await budgets.send(new DescribeNotificationsForBudgetCommand(key));
  return Promise.all(
    Notifications.map(async (found) => {
      const Notification: Notification = {
        ComparisonOperator: found.ComparisonOperator,
        NotificationType: found.NotificationType,
        Threshold: found.Threshold,
        ThresholdType: found.ThresholdType ?? "PERCENTAGE",
      };
      const { Subscribers = [] } = await budgets.send(
        new DescribeSubscribersForNotificationCommand({ ...key, Notification }),
      );
      return {
        comparisonOperator: String(found.ComparisonOperator),
        notificationType: String(found.NotificationType),
        threshold: found.Threshold ?? 0,
        thresholdType: String(Notification.ThresholdType),
        ...addresses("subscriberEmailAddresses", Subscribers, "EMAIL"),
        ...addresses("subscriberSnsTopicArns", Subscribers, "SNS"),
      };
    }),
  );
}

function addresses(property: string, subscribers: Subscriber[], type: string): Record<string, string[]> {
  const found = subscribers.filter((subscriber) => subscriber.SubscriptionType === type);
  return found.length === 0 ? {} : { [property]: found.map((subscriber) => String(subscriber.Address)) };
}

/** Makes the notifications of a budget those that the program asks for. */
export async function replaceNotifications(
  key: BudgetKey,
  olds: NotificationInputs[],
  news: NotificationInputs[],
  context: HandlerContext,
): Promise<void> {
  if (JSON.stringify(olds) === JSON.stringify(news)) return;
  const budgets = context.client(BudgetsClient);
  for (const old of olds) {
    await budgets.send(new DeleteNotificationCommand({ ...key, Notification: toNotification(old) }));
  }
  for (const given of news) {
    await budgets.send(
      new CreateNotificationCommand({
        ...key,
        Notification: toNotification(given),
        Subscribers: toSubscribers(given),
      }),
    );
  }
}
