import { ColumnType, DataContract } from "../../../components/contracts/data-contract";
import { makeReport } from "../../../lambdas/data-validator/quality-report";
import { renderReport } from "../../../lambdas/data-validator/report-page";
import { check, Checked } from "./validating";

jest.setTimeout(60_000);

const attack = `<script>alert("x")</script>'&`;
const contract: DataContract = {
  dataset: "flights",
  version: "1",
  maximumBadRowShare: 1,
  columns: [
    { name: "id", type: ColumnType.String },
    { name: "delay", type: ColumnType.Integer, nullable: true },
    { name: "email", type: ColumnType.String, personal: true },
  ],
};

function page(result: Checked, key = "flights/a.csv"): string {
  const delivery = { key, runId: "r", deliveredAt: new Date("2026-06-01T12:00:00Z") };
  return renderReport(makeReport(delivery, contract, result, undefined, result.reasons), contract);
}
const quotedAttack = `"${attack.replaceAll('"', '""')}"`;

test("every text of the delivery is escaped, and nothing is loaded from elsewhere", async () => {
  const result = await check(
    `id,delay,email\n${quotedAttack},1,m@x.org\n${quotedAttack},2,m@x.org\na,${quotedAttack},m@x.org\n`,
    contract,
  );
  const html = page(result, `flights/${attack}.csv`);
  expect(html).not.toContain("<script");
  expect(html).toContain("&lt;script&gt;");
  expect(html).not.toMatch(/https?:|src=|url\(/);
});

test("values of personal columns are not shown", async () => {
  const html = page(await check("id,delay,email\na,1,m@x.org\na,2,m@x.org\n", contract));
  expect(html).toContain("Personal data: values are not shown.");
  expect(html).not.toContain("m@x.org");
});

test("the verdict comes first, in words", async () => {
  const html = page(await check("id,delay\n", contract));
  expect(html).toContain("Stopped: the file is in quarantine as it was delivered.");
  expect(html).toContain("The header lacks the columns &quot;email&quot;.");
  expect(html.indexOf("verdict quarantined")).toBeLessThan(html.indexOf("</section>"));
});

test("every column has a plot", async () => {
  const rows = Array.from({ length: 50 }, (_, i) => `id${i % 3},${i},m@x.org`).join("\n");
  const html = page(await check(`id,delay,email\n${rows}\n`, contract));
  expect(html.match(/<article/g)).toHaveLength(3);
  expect(html.match(/<svg/g)).toHaveLength(1);
  expect(html).toContain("34 %");
});
