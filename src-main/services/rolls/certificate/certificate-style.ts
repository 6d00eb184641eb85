/** The style of a certificate, on a screen and on one page of A4. */
export const certificateStyle = `
@page { size: A4; margin: 11mm 12mm; }
:root { color-scheme: light; --ink: #1b1f24; --quiet: #5b6570; --line: #d6dbe1; --fail: #a3182a; --pass: #1d6b3a; }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 24px 28px; max-width: 900px; color: var(--ink); background: #fff;
  font: 12.5px/1.4 system-ui, -apple-system, 'Segoe UI', 'Noto Sans', sans-serif; font-variant-numeric: tabular-nums; }
header { display: flex; justify-content: space-between; gap: 20px; align-items: flex-start; border-bottom: 2px solid var(--ink); padding-bottom: 10px; }
h1 { font-size: 21px; line-height: 1.2; margin: 0 0 2px; font-weight: 650; overflow-wrap: anywhere; }
h2 { font-size: 13px; margin: 14px 0 4px; font-weight: 650; }
.quiet { color: var(--quiet); }
.verdict { flex: none; min-width: 190px; max-width: 290px; border: 2px solid currentColor; border-radius: 6px; padding: 6px 14px; text-align: center; }
.verdict.fail { color: var(--fail); } .verdict.pass { color: var(--pass); } .verdict.none { color: var(--quiet); }
.verdict strong { display: block; font-size: 22px; line-height: 1.2; letter-spacing: .02em; } .verdict span { color: var(--ink); }
dl { display: grid; grid-template-columns: repeat(3, max-content 1fr); gap: 2px 12px; margin: 10px 0 0; }
dt { color: var(--quiet); } dd { margin: 0; overflow-wrap: anywhere; }
svg { display: block; width: 100%; height: auto; margin-top: 2px; }
.columns { display: grid; grid-template-columns: 1fr 1fr; gap: 0 26px; }
table { border-collapse: collapse; width: 100%; } th, td { padding: 1.5px 6px 1.5px 0; text-align: right; border-bottom: 1px solid var(--line); }
th { color: var(--quiet); font-weight: 600; } th:first-child, td:first-child { text-align: left; overflow-wrap: anywhere; }
ul { margin: 2px 0 0; padding-left: 16px; }
.pictures { display: grid; grid-template-columns: repeat(6, 1fr); gap: 8px; margin-top: 2px; }
figure { margin: 0; min-width: 0; } figure img { display: block; width: 100%; aspect-ratio: 1; object-fit: contain; background: #f4f6f8; border: 1px solid var(--line); }
figcaption { font-size: 10.5px; line-height: 1.3; margin-top: 2px; overflow-wrap: anywhere; }
.signatures { display: grid; grid-template-columns: 1fr 1fr; gap: 40px; margin-top: 34px; } .signatures div { border-top: 1px solid var(--ink); padding-top: 2px; color: var(--quiet); }
footer { margin-top: 10px; font-size: 9.5px; color: var(--quiet); overflow-wrap: anywhere; } code { font-family: ui-monospace, Consolas, monospace; font-size: 9px; }
.frames { margin-top: 28px; }
@media print { .frames { break-before: page; break-inside: auto; margin-top: 0; } }
@media print { body { padding: 0; max-width: none; } section:not(.frames), figure, .columns { break-inside: avoid; } * { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
`;
