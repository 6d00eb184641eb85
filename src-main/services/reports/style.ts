import { chartStyle } from '../../common/charts/style.ts';

/** The style of an HTML report, on a screen and on A4. */
export const style = `
@page { size: A4; margin: 14mm 13mm 16mm; }
:root { color-scheme: light; --ink: #1b1f24; --quiet: #5b6570; --line: #d6dbe1; --faint: #f4f6f8; --accent: #a3182a; }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 32px 28px 48px; max-width: 1040px; color: var(--ink); background: #fff;
  font: 14px/1.45 system-ui, -apple-system, 'Segoe UI', 'Noto Sans', sans-serif; font-variant-numeric: tabular-nums; }
header { border-bottom: 3px solid var(--accent); padding-bottom: 14px; margin-bottom: 22px; }
h1 { font-size: 26px; line-height: 1.2; margin: 0 0 4px; font-weight: 650; overflow-wrap: anywhere; }
h2 { font-size: 17px; margin: 30px 0 8px; font-weight: 650; }
h3 { font-size: 14px; margin: 18px 0 6px; font-weight: 650; overflow-wrap: anywhere; }
p { margin: 4px 0 10px; } .quiet { color: var(--quiet); } small { font-size: 11px; color: var(--quiet); }
.facts { display: flex; flex-wrap: wrap; gap: 4px 28px; margin: 10px 0 0; padding: 0; list-style: none; }
.facts b { font-weight: 600; }
.headline { display: flex; flex-wrap: wrap; gap: 12px; margin: 0 0 8px; padding: 0; list-style: none; }
.headline li { flex: 1 1 150px; border: 1px solid var(--line); border-radius: 6px; padding: 10px 14px; }
.headline strong { display: block; font-size: 24px; line-height: 1.2; font-weight: 650; }
table { border-collapse: collapse; width: 100%; font-size: 13px; }
th, td { padding: 4px 8px; text-align: right; vertical-align: top; white-space: nowrap; }
th:first-child, td:first-child { text-align: left; white-space: normal; overflow-wrap: anywhere; }
thead th { font-weight: 600; border-bottom: 1px solid var(--ink); color: var(--quiet); }
thead tr:first-child th { color: var(--ink); border-bottom: 0; text-align: center; white-space: normal; overflow-wrap: anywhere; padding-top: 6px; }
thead tr:first-child th:first-child { text-align: left; }
tbody tr { border-bottom: 1px solid var(--line); } tbody tr.mean { border-top: 1px solid var(--ink); background: var(--faint); }
tbody tr.mean td:first-child { font-weight: 600; }
td.first { padding-left: 18px; border-left: 1px solid var(--line); } th.first { border-left: 1px solid var(--line); }
td b { font-weight: 750; } td small { display: block; line-height: 1.1; font-weight: 400; } td.paper, th.paper { color: var(--quiet); font-weight: 400; font-style: italic; }
.wide { overflow-x: auto; margin-bottom: 14px; }
dl.methods { display: grid; grid-template-columns: max-content 1fr; gap: 3px 16px; margin: 6px 0; } dl.methods dt { font-weight: 600; } dl.methods dd { margin: 0; color: var(--quiet); overflow-wrap: anywhere; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 20px; margin: 0 0 6px; padding: 0; list-style: none; font-size: 12px; }
.legend-key { width: 30px; height: 8px; margin-right: 6px; vertical-align: middle; }
.curves { display: grid; grid-template-columns: 1fr 1fr; gap: 2px 26px; break-inside: avoid; }
.curves h3 { grid-column: 1 / -1; margin: 10px 0 0; }
.chart { width: 100%; height: auto; }
${chartStyle.trim()}
.examples { break-inside: avoid; display: flex; gap: 10px; margin: 0 0 12px; flex-wrap: wrap; }
figure { margin: 0; flex: 0 1 200px; min-width: 0; } figure img { display: block; width: 100%; height: auto; border: 1px solid var(--line); }
figcaption { font-size: 11px; color: var(--quiet); overflow-wrap: anywhere; margin-top: 2px; }
footer { margin-top: 30px; padding-top: 10px; border-top: 1px solid var(--line); font-size: 12px; color: var(--quiet); }
@media print {
  body { padding: 0; max-width: none; font-size: 10pt; } table { font-size: 8.5pt; } h1 { font-size: 20pt; } .headline strong { font-size: 17pt; }
  h2, h3 { break-after: avoid; } tr, figure, li { break-inside: avoid; } thead { display: table-header-group; } .wide { overflow: visible; }
  th, td { padding: 2.5px 5px; } figure { flex-basis: 42mm; } * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
