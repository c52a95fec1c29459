/** Style of a report: no script, no font and no picture from elsewhere; light or dark as the reader's device is. */
export const reportStyle = `
:root { color-scheme: light dark; --page: #f6f7f9; --card: #fff; --text: #1b2430; --soft: #5b6878; --line: #dfe4ea;
  --blue: #3b6fd4; --green: #1b7f4d; --amber: #9a6200; --red: #b3261e; --track: #e9edf2; }
@media (prefers-color-scheme: dark) { :root { --page: #12161c; --card: #1b212a; --text: #e6ebf2; --soft: #9aa7b6; --line: #2d3641;
  --blue: #7aa5ff; --green: #5fce97; --amber: #e9b44c; --red: #ff8a80; --track: #2a323d; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 24px 16px 64px; }
h1 { font-size: 20px; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 16px; margin: 32px 0 10px; }
h3 { font-size: 15px; margin: 0; overflow-wrap: anywhere; }
p { margin: 4px 0; }
.soft, .note, .axis, .facts dt { color: var(--soft); font-size: 13px; }
.verdict { background: var(--card); border: 1px solid var(--line); border-left: 6px solid var(--state); border-radius: 8px; padding: 16px 20px; }
.verdict.curated { --state: var(--green); } .verdict.split { --state: var(--amber); } .verdict.quarantined { --state: var(--red); }
.verdict .state { color: var(--state); font-weight: 650; font-size: 17px; margin: 6px 0; }
.counts { display: grid; grid-template-columns: repeat(auto-fit, minmax(130px, 1fr)); gap: 12px; margin-top: 16px; }
.count { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 10px 14px; }
.count b { display: block; font-size: 22px; font-variant-numeric: tabular-nums; }
.grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(320px, 100%), 1fr)); gap: 12px; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 14px 16px; min-width: 0; }
.card header { display: flex; justify-content: space-between; gap: 8px; align-items: baseline; margin-bottom: 8px; }
.scroll { overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
th, td { text-align: left; padding: 7px 14px; border-top: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
tr:first-child > * { border-top: 0; } th { color: var(--soft); font-weight: 500; }
td.number, th.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.plot { display: block; width: 100%; height: 84px; fill: var(--blue); border-bottom: 1px solid var(--line); }
.trend rect { opacity: .45; } .trend rect.now { opacity: 1; }
.axis { display: flex; justify-content: space-between; }
.facts { display: flex; flex-wrap: wrap; gap: 2px 16px; margin: 8px 0 0; font-size: 13px; font-variant-numeric: tabular-nums; }
.facts div { display: flex; gap: 5px; } .facts dd { margin: 0; }
.bar { display: grid; grid-template-columns: minmax(60px, 34%) 1fr 58px; gap: 8px; align-items: center; font-size: 13px; }
.bar .name { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.bar .amount { text-align: right; font-variant-numeric: tabular-nums; }
.track { display: block; background: var(--track); border-radius: 3px; height: 9px; overflow: hidden; }
.fill { display: block; height: 100%; background: var(--blue); min-width: 1px; } .fill.warn { background: var(--amber); }
ul { margin: 6px 0; padding-left: 20px; } li { overflow-wrap: anywhere; }
`;
