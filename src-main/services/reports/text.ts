import type { MetricName } from '../../common/api/evaluation.ts';
import { DECISIONS } from '../../common/decisions/confusion.ts';
import { type ClassDecisions, rateTexts, thresholdsText } from './decisions.ts';
import {
  DECIMALS,
  metricHeads,
  type Percent,
  type Report,
  reportRows,
  type ReportRow,
  secondsPerImage,
} from './report.ts';

/** The paper's three metrics of a pixel map, and the one for images. */
const COLUMNS: readonly MetricName[] = ['auPro', 'auroc', 'f1Max', 'imageAuroc'];
const CELL = 8;
const BLOCK = CELL * COLUMNS.length;
const GAP = '  ';
/** Width of the labels of a decision table. */
const LABEL = 10;

/** A block of columns: a method, or a system of the paper. */
interface Block {
  head: string;
  /** Four texts per row of the report. */
  cells(row: ReportRow): string[];
  /** The last row's differences to the base, empty if there are none. */
  differences: string;
  /** Seconds per image; empty if unknown. */
  seconds: string;
}

/**
 * The report as a table for a terminal. Methods are side by side as in the paper's Table 6, and below each
 * other if they exceed `columns`.
 *
 * @param columns width in characters
 */
export function textReport(report: Report, columns = 100): string {
  const rows = reportRows(report);
  const width = Math.max(...rows.map(({ title }) => title.length), 'difference'.length);
  const blocks = [...methodBlocks(report), ...paperBlocks(report)];
  const abreast = Math.max(1, Math.floor((columns - width) / (BLOCK + GAP.length)));
  const tables: string[] = [];
  for (let at = 0; at < blocks.length; at += abreast) {
    tables.push(table(rows, blocks.slice(at, at + abreast), width));
  }
  return `${[...tables, ...report.decisions.map(decisionTable)].join('\n')}\n${legend(report)}`;
}

function table(rows: readonly ReportRow[], blocks: readonly Block[], width: number): string {
  const heads = COLUMNS.map((name) => metricHeads[name].padStart(CELL)).join('');
  const line = (title: string, cells: readonly string[]) =>
    `${[title.padEnd(width), ...cells].join(GAP).trimEnd()}\n`;
  const rule = `${'-'.repeat(width + blocks.length * (BLOCK + GAP.length))}\n`;
  const body = rows.map((row) => {
    const cells = blocks.map((block) => block.cells(row).join(''));
    return (row.textureClass === undefined ? rule : '') + line(row.title, cells);
  });
  const below = (title: string, texts: readonly string[]) =>
    texts.some((text) => text !== '')
      ? line(
          title,
          texts.map((text) => text.padEnd(BLOCK)),
        )
      : '';
  return (
    line(
      '',
      blocks.map(({ head }) => centered(head)),
    ) +
    line(
      'class',
      blocks.map(() => heads),
    ) +
    rule +
    body.join('') +
    below(
      'difference',
      blocks.map(({ differences }) => differences),
    ) +
    below(
      's/image',
      blocks.map(({ seconds }) => seconds.padStart(CELL)),
    )
  );
}

function decisionTable(decided: ClassDecisions): string {
  const { textureClass, recipe, revision, thresholds, table: of } = decided;
  const columns = (texts: readonly (string | number)[]) =>
    texts.map((text) => String(text).padStart(CELL)).join('');
  const rows = of.rows.map(
    ({ label, cells }) => `${label.padEnd(LABEL)}${columns(DECISIONS.map((name) => cells[name].count))}\n`,
  );
  return (
    `${textureClass}: recipe "${recipe}", revision ${revision}, ${thresholdsText(thresholds)}\n` +
    `${''.padEnd(LABEL)}${columns(DECISIONS)}\n${rows.join('')}${rateTexts(decided).join('\n')}\n`
  );
}

function methodBlocks(report: Report): Block[] {
  const last = reportRows(report).at(-1);
  return report.methods.map((method, column) => ({
    head: method.label,
    cells: ({ entries }) => COLUMNS.map((name) => marked(entries[column].percents[name])),
    differences:
      column === 0 || !last
        ? ''
        : COLUMNS.map((name) => signed(last.entries[column].percents[name])).join(''),
    seconds: secondsPerImage(report, method.id)?.toFixed(2).concat(' ') ?? '',
  }));
}

function paperBlocks({ paper }: Report): Block[] {
  return (paper?.systems ?? []).map((system) => ({
    head: `paper: ${system}`,
    cells({ textureClass }) {
      const cell = textureClass === undefined ? paper?.mean(system) : paper?.at(textureClass, system);
      return COLUMNS.map((name) => `${cell?.[name]?.toFixed(DECIMALS) ?? '-'} `.padStart(CELL));
    },
    differences: '',
    seconds: '',
  }));
}

function marked({ value, best }: Percent): string {
  return `${value?.toFixed(DECIMALS) ?? '-'}${best ? '*' : ' '}`.padStart(CELL);
}

function signed({ difference }: Percent): string {
  const text = difference === null ? '' : `${difference < 0 ? '' : '+'}${difference.toFixed(DECIMALS)} `;
  return text.padStart(CELL);
}

function centered(head: string): string {
  const text = head.length > BLOCK ? `${head.slice(0, BLOCK - 1)}…` : head;
  return text.padStart(Math.floor((BLOCK + text.length) / 2)).padEnd(BLOCK);
}

function legend(report: Report): string {
  const { ignoreBorder, proFprLimit, methods, paper } = report;
  const lines = [
    `Percent. AUPRO up to a false positive rate of ${proFprLimit}; I-AUROC is image-level. ${ignoreBorder} px cropped at every side.`,
  ];
  if (methods.length > 1)
    lines.push(`* best value of its row; difference: last row compared with ${methods[0].label}`);
  if (paper) lines.push(`The paper's metrics are for the whole of ${paper.dataset}.`);
  return `${[...lines, ...report.notes].join('\n')}\n`;
}
