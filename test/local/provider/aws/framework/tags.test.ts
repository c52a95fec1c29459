import * as fc from "fast-check";
import {
  fromTagList,
  tagChanges,
  toTagList,
  updateTags,
} from "../../../../../local/provider/aws/framework/tags";

const tags = fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), fc.string());

describe("tags", () => {
  it("survive the way to a list and back", () => {
    fc.assert(fc.property(tags, (record) => expect(fromTagList(toTagList(record))).toEqual(record)));
  });

  it("of AWS itself are not ours", () => {
    expect(
      fromTagList([
        { Key: "aws:cloudformation:stack", Value: "a" },
        { Key: "own", Value: "b" },
      ]),
    ).toEqual({ own: "b" });
  });

  it("become the new ones when the changes are made", () => {
    fc.assert(
      fc.property(tags, tags, (olds, news) => {
        const { set, remove } = tagChanges(olds, news);
        const kept = Object.entries(olds).filter(([key]) => !remove.includes(key));
        expect({ ...Object.fromEntries(kept), ...set }).toEqual(news);
      }),
    );
  });

  it("that stay need no call", async () => {
    const calls = { set: jest.fn(), remove: jest.fn() };
    await updateTags({ a: "b" }, { a: "b" }, calls);
    expect(calls.set).not.toHaveBeenCalled();
    expect(calls.remove).not.toHaveBeenCalled();
    await updateTags({ a: "b", c: "d" }, { a: "x" }, calls);
    expect(calls.set).toHaveBeenCalledWith({ a: "x" });
    expect(calls.remove).toHaveBeenCalledWith(["c"]);
  });
});
