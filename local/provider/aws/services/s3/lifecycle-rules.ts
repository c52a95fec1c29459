import type { LifecycleRule, LifecycleRuleFilter } from "@aws-sdk/client-s3";
import type * as aws from "@pulumi/aws";
import { fromService, toService } from "../support/casing";
import { fromTagList, toTagList } from "../../framework/tags";
import type { Plain } from "../../framework/types";

type Rule = NonNullable<Plain<aws.s3.BucketLifecycleConfigurationArgs>["rules"]>[number];
type Filter = NonNullable<Rule["filter"]>;

const spelling = { names: { id: "ID" } };

/** Pulumi's rules → S3's: dates become dates, tags of a filter a list. */
export function toLifecycleRules(rules: Rule[]): LifecycleRule[] {
  return rules.map((rule) => {
    const { filter, expiration, transitions, ...rest } = rule;
    return {
      ...toService<LifecycleRule>(rest, spelling),
      Filter: rule.prefix === undefined ? toFilter(filter) : undefined,
      Expiration: expiration && withDate(expiration),
      Transitions: transitions?.map(withDate) as LifecycleRule["Transitions"],
    };
  });
}

function withDate(when: { date?: string }) {
  return { ...toService<object>(when), ...(when.date === undefined ? {} : { Date: new Date(when.date) }) };
}

function toFilter(filter: Filter | undefined): LifecycleRuleFilter {
  const { and, ...one } = filter ?? {};
  if (!and) return Object.keys(one).length === 0 ? { Prefix: "" } : toService<LifecycleRuleFilter>(one);
  return {
    And: { ...toService<object>({ ...and, tags: undefined }), Tags: and.tags && toTagList(and.tags) },
  };
}

/** S3's rules → Pulumi's. */
export function fromLifecycleRules(rules: LifecycleRule[]): unknown[] {
  return rules.map((rule) => {
    const { Filter, Prefix, ...rest } = rule;
    const filter = fromFilter(Filter);
    return {
      ...(fromService(rest, spelling) as object),
      ...(Prefix ? { prefix: Prefix } : {}),
      ...(filter && Object.keys(filter).length > 0 ? { filter } : {}),
    };
  });
}

function fromFilter(filter: LifecycleRuleFilter | undefined): Record<string, unknown> | undefined {
  if (!filter) return undefined;
  if (filter.And) {
    const { Tags, ...and } = filter.And;
    return { and: { ...(fromService(and) as object), ...(Tags ? { tags: fromTagList(Tags) } : {}) } };
  }
  // An empty prefix means every object, as no filter does.
  if (filter.Prefix === "") return undefined;
  return fromService(filter) as Record<string, unknown>;
}
