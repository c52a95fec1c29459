import { ColumnType, DataContract } from "../../../components/contracts/data-contract";
import { ClaimResult, ClaimStore, RecordClaim } from "../../../lambdas/data-validator/record-claims";
import { check, Checked } from "./validating";

jest.setTimeout(120_000);

const contract: DataContract = {
  dataset: "flights",
  version: "1",
  primaryKey: ["id"],
  columns: [
    { name: "id", type: ColumnType.String },
    { name: "delay", type: ColumnType.Integer, nullable: true },
    { name: "at", type: ColumnType.Timestamp, nullable: true },
    { name: "load", type: ColumnType.Number, nullable: true },
  ],
};

/** Claims in memory. */
class Claims implements ClaimStore {
  readonly released: string[] = [];
  constructor(
    readonly owners: Map<string, { owner: string; content: string }>,
    private readonly owner: string,
  ) {}
  async claim(claims: readonly RecordClaim[]): Promise<ClaimResult[]> {
    return claims.map(({ key, content }) => {
      const taken = this.owners.get(key);
      if (taken === undefined || taken.owner === this.owner) {
        this.owners.set(key, { owner: this.owner, content });
        return ClaimResult.Own;
      }
      return taken.content === content ? ClaimResult.Duplicate : ClaimResult.Conflict;
    });
  }
  async release(claims: readonly RecordClaim[]): Promise<void> {
    for (const { key } of claims) this.owners.delete(key);
  }
}

describe("records that came before", () => {
  const header = "id,delay,at,load\n";
  const owners = (): Map<string, { owner: string; content: string }> => new Map();
  const deliver = (
    text: string,
    of: Map<string, { owner: string; content: string }>,
    owner: string,
    share = 1,
  ): Promise<Checked> =>
    check(header + text, { ...contract, maximumBadRowShare: share }, { claims: new Claims(of, owner) });

  test("are in the lake once, whatever file brings them how often", async () => {
    const taken = owners();
    const first = await deliver("a,1,,\nb,2,,\na,1,,\n", taken, "one");
    expect(first).toMatchObject({ goodRows: 2, duplicateRows: 1, badRows: 0, outcome: "curated" });
    expect(await deliver("a,1,,\nb,2,,\na,1,,\n", taken, "one")).toMatchObject({
      goodRows: 2,
      duplicateRows: 1,
    });
    const second = await deliver("c,3,,\na,+1,,\n", taken, "two");
    expect(second).toMatchObject({ goodRows: 1, duplicateRows: 1, badRows: 0 });
    expect(second.good).toEqual([["c", "3", null, null]]);
    const third = await deliver("a,1,,\nc,3,,\n", taken, "three");
    expect(third).toMatchObject({ goodRows: 0, duplicateRows: 2, outcome: "curated" });
  });

  test("with other values are bad, and numbered as delivered", async () => {
    const taken = owners();
    await deliver("a,1,,\nb,2,,\n", taken, "one");
    const { reasons, good, duplicateRows } = await deliver(
      "x\nb,2,,\nc,late,,\nd,1,,\na,9,,\nd,2,,\n",
      taken,
      "two",
    );
    expect(reasons).toEqual([
      { row: 1, reasons: ["The row has 1 field; the header has 4."] },
      { row: 3, reasons: ['delay is "late"; an integer is required.'] },
      { row: 5, reasons: ["The row repeats the key id of an earlier delivery with other values."] },
      { row: 6, reasons: ["The row repeats the key id of an earlier row with other values."] },
    ]);
    expect([good, duplicateRows]).toEqual([[["d", "1", null, null]], 1]);
  });

  test("are not claimed by a file that goes to quarantine", async () => {
    const taken = owners();
    expect((await deliver("a,1,,\nb,late,,\n", taken, "bad", 0)).outcome).toBe("quarantined");
    expect(taken.size).toBe(0);
    await deliver("a,1,,\n", taken, "one");
    expect((await deliver("a,2,,\nb,1,,\n", taken, "conflict", 0)).outcome).toBe("quarantined");
    expect([...taken.values()].map(({ owner }) => owner)).toEqual(["one"]);
    expect(await deliver("b,1,,\n", taken, "two")).toMatchObject({ goodRows: 1 });
  });
});
