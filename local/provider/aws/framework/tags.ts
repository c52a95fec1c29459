/** A tag as most services write it. */
export interface ServiceTag {
  Key?: string;
  Value?: string;
}

/** Tags as a record → list of `{ Key, Value }`. */
export function toTagList(tags: Record<string, string> | undefined): { Key: string; Value: string }[] {
  return Object.entries(tags ?? {}).map(([Key, Value]) => ({ Key, Value }));
}

/** List of `{ Key, Value }` → record, without the tags that AWS itself owns (`aws:…`). */
export function fromTagList(tags: ServiceTag[] | undefined): Record<string, string> {
  return withoutSystemTags(Object.fromEntries((tags ?? []).map((tag) => [tag.Key ?? "", tag.Value ?? ""])));
}

/** Record of tags without those that AWS itself owns (`aws:…`). */
export function withoutSystemTags(tags: Record<string, string> | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(tags ?? {}).filter(([key]) => !key.startsWith("aws:")));
}

/** What has to be called to get from the old tags to the new ones. */
export function tagChanges(
  olds: Record<string, string> | undefined,
  news: Record<string, string> | undefined,
): { set: Record<string, string>; remove: string[] } {
  const set = Object.fromEntries(Object.entries(news ?? {}).filter(([key, value]) => olds?.[key] !== value));
  const remove = Object.keys(olds ?? {}).filter((key) => news?.[key] === undefined);
  return { set, remove };
}

/** Sets and removes tags with a service's own calls, leaving out the calls that would change nothing. */
export async function updateTags(
  olds: Record<string, string> | undefined,
  news: Record<string, string> | undefined,
  calls: { set(tags: Record<string, string>): Promise<unknown>; remove(keys: string[]): Promise<unknown> },
): Promise<void> {
  const { set, remove } = tagChanges(olds, news);
  if (remove.length > 0) await calls.remove(remove);
  if (Object.keys(set).length > 0) await calls.set(set);
}
