import type { ExportedFile } from '../../common/api/evaluation.ts';
import type { EngineClient } from '../../engine/client/engine-client.ts';
import { decimateCurve } from '../../common/charts/decimate-curve.ts';
import type { Store } from '../../store/store.ts';
import { formatMethod } from '../methods/format-method.ts';
import { csvReport } from '../reports/csv.ts';
import { htmlReport } from '../reports/html.ts';
import { jsonReport } from '../reports/json.ts';
import { paperColumns } from '../reports/paper.ts';
import { meanNotes, notesOf, type Report, type ReportImages } from '../reports/report.ts';
import { textReport } from '../reports/text.ts';
import type { Services } from '../types.ts';
import type { ClassEvaluator } from './class-evaluator.ts';
import { renderExamples } from './report-examples.ts';
import { reportDecisions } from './report-decisions.ts';
import { listClassSamples } from './class-samples.ts';

type Table = Services['evaluation']['table'];
type Scope = Parameters<Table>[0];
type Format = Parameters<Services['evaluation']['report']>[0]['format'];

const KINDS: Record<Format, { extension: string; mediaType: string }> = {
  text: { extension: 'txt', mediaType: 'text/plain' },
  json: { extension: 'json', mediaType: 'application/json' },
  csv: { extension: 'csv', mediaType: 'text/csv' },
  html: { extension: 'html', mediaType: 'text/html' },
};

/** Maximum number of points in a curve on the page. */
const SHOWN_POINTS = 200;

/** Collects the content of reports and renders them. */
export class ReportBuilder {
  readonly #store: Store;
  readonly #engine: EngineClient;
  readonly #evaluator: ClassEvaluator;
  readonly #table: Table;

  constructor(store: Store, engine: EngineClient, evaluator: ClassEvaluator, table: Table) {
    this.#store = store;
    this.#engine = engine;
    this.#evaluator = evaluator;
    this.#table = table;
  }

  async make(format: Format, scope: Scope, signal: AbortSignal): Promise<ExportedFile> {
    const report = await this.#gather(scope, signal);
    const { extension, mediaType } = KINDS[format];
    const name = `${report.dataset.replace(/[^\p{L}\p{N}._-]+/gu, '-')}.${extension}`;
    return { name, mediaType, content: await this.#rendered(format, report, signal) };
  }

  async #rendered(format: Format, report: Report & { id: number }, signal: AbortSignal): Promise<string> {
    switch (format) {
      case 'text':
        return textReport(report);
      case 'json':
        return jsonReport(report);
      case 'csv':
        return csvReport(report);
      case 'html':
        return htmlReport(report, await this.#reportImages(report, signal));
    }
  }

  async #gather(scope: Scope, signal: AbortSignal): Promise<Report & { id: number }> {
    const { name, layout, ignoreBorder } = this.#store.datasets.get(scope.dataset);
    const counts = this.#store.datasets.countClasses(scope.dataset);
    const cells: Report['cells'] = [];
    for await (const event of await this.#table(scope, signal)) {
      if (event.type === 'cell') cells.push(event.cell);
    }
    const inspected = new Set(cells.map(({ textureClass }) => textureClass));
    const classes = counts.map(({ textureClass }) => textureClass).filter((name) => inspected.has(name));
    const paper = paperColumns({ layout, classes: counts });
    const methods = scope.methods.map((id) => {
      const { label, definition } = this.#store.methods.get(id);
      return { id, label, definition: definition === null ? 'imported maps' : formatMethod(definition) };
    });
    const context = { store: this.#store, engine: this.#engine };
    const { decisions, notes } = await reportDecisions(context, scope.dataset, signal);
    return {
      id: scope.dataset,
      dataset: name,
      ignoreBorder: scope.ignoreBorder ?? ignoreBorder,
      proFprLimit: scope.proFprLimit,
      classes,
      methods,
      cells,
      decisions,
      notes: [...notesOf(classes, cells, methods), ...meanNotes({ classes, cells }), ...notes],
      ...(paper && { paper }),
    };
  }

  async #reportImages(report: Report & { id: number }, signal: AbortSignal): Promise<ReportImages> {
    const { id, classes, methods, ignoreBorder, proFprLimit } = report;
    const reportImages: ReportImages = { madeAt: new Date().toISOString(), curves: [], examples: [] };
    const evaluated = methods.map((method) => ({
      method: method.id,
      classes: new Map(listClassSamples(this.#store, id, method.id).map((of) => [of.textureClass, of])),
    }));
    for (const textureClass of classes) {
      const samples = evaluated.flatMap(({ method, classes: of }) => {
        const found = of.get(textureClass);
        return found ? [{ method, of: found }] : [];
      });
      for (const { method, of } of samples) {
        const settings = { dataset: id, method, ignoreBorder, proFprLimit };
        const evaluated = await this.#evaluator.evaluate(of, settings, signal);
        // Without both normal and anomalous pixels, the rates are undefined.
        if (!evaluated || evaluated.metrics.auroc === null) continue;
        const { roc, pro } = await this.#evaluator.curvesOf(evaluated);
        reportImages.curves.push({
          textureClass,
          method,
          roc: decimateCurve(roc, SHOWN_POINTS),
          pro: decimateCurve(pro, SHOWN_POINTS, proFprLimit),
        });
      }
      reportImages.examples.push(...(await renderExamples(samples, this.#store, this.#engine, signal)));
    }
    return reportImages;
  }
}
