import { createContext } from 'svelte';
import type { ErrorReport } from '../../../src-main/common/api/errors.ts';
import type { Assessment, Roll, RollDefect, RollDefects } from '../../../src-main/common/api/rolls.ts';
import type { Verdict } from '../../../src-main/common/api/sessions.ts';
import { downloadFile } from '../../api/download.ts';
import type { Client } from '../../api/connection.svelte.ts';
import { isConnectionLost, toErrorReport } from '../../api/failures.ts';
import { retryOnReconnect } from '../../api/retry.ts';
import type { ImageSelection } from '../images/image-selection.svelte.ts';
import type { MethodStore } from '../methods/method-store.svelte.ts';
import type { Notices } from '../notices.svelte.ts';
import type { SettingsStore } from '../settings/settings-store.svelte.ts';
import type { Signature } from '../settings/signature.svelte.ts';
import { ALONG, matchesFilter, sortDefects, verdictOf } from './defect-list.ts';
import type { DefectFilter, DefectOrder } from './defect-list.ts';
import { reveal, spanOf, wholeRoll, windowAround, type MapWindow } from './map-window.ts';
import type { RollStore } from './roll-store.svelte.ts';

/** What a person changes about a defect. */
export type AssessmentChange = Omit<
  Parameters<Client['rolls']['assess']>[0],
  'image' | 'defect' | 'operator'
>;

export interface OpenRollDeps {
  methods: Pick<MethodStore, 'selectedId'>;
  notices: Notices;
  rolls: RollStore;
  selection: Pick<ImageSelection, 'image'>;
  settings: Pick<SettingsStore, 'values' | 'update'>;
  signature: Pick<Signature, 'author'>;
}

const DEFAULT_RULE = 'four-point';

/** The open image as a roll: its defects by the selected method, their list, and the selected defect. */
export class OpenRoll {
  readonly roll: Roll | undefined = $derived.by(() => {
    const { image } = this.#deps.selection;
    return image && this.#deps.rolls.byImage.get(image.id);
  });
  /** Name of the rule that grades it: the one that was chosen last, or the default one after its removal. */
  readonly rule: string = $derived.by(() => {
    const { gradingRule } = this.#deps.settings.values;
    const { rules } = this.#deps.rolls;
    return rules.length === 0 || rules.some(({ name }) => name === gradingRule) ? gradingRule : DEFAULT_RULE;
  });
  /** What was found on it; undefined until it has loaded. */
  found = $state.raw<RollDefects>();
  /** Whether `found` is loading for the first time, or again after a change. */
  loading = $state(false);
  /** Why there are no defects. */
  failure = $state.raw<ErrorReport>();
  filter = $state.raw<DefectFilter>({});
  order = $state.raw<DefectOrder>(ALONG);
  /** Id of the selected defect; `select` sets it. */
  selectedId = $state<string>();
  /** The open dialog. */
  dialog = $state<'details' | 'certificate' | 'rules'>();
  /** The part of the roll that its map was zoomed to; undefined for the whole roll. */
  #zoomed = $state.raw<MapWindow>();

  /** The part of the roll that its map shows. */
  readonly shown: MapWindow = $derived(this.#zoomed ?? wholeRoll(this.roll?.lengthPixels ?? 1));
  readonly defects: readonly RollDefect[] = $derived(this.found?.defects ?? []);
  /** The defects that match the filter, sorted. */
  readonly listed: readonly RollDefect[] = $derived(
    sortDefects(
      this.defects.filter((defect) => matchesFilter(defect, this.filter)),
      this.order,
    ),
  );
  readonly selected: RollDefect | undefined = $derived(this.defects.find(({ id }) => id === this.selectedId));
  /** Number of defects with a verdict. */
  readonly assessed: number = $derived(
    this.defects.filter((defect) => verdictOf(defect) !== undefined).length,
  );

  readonly #client: Pick<Client, 'rolls'>;
  readonly #deps: OpenRollDeps;
  /** Number of the latest request. */
  #requests = 0;
  #latest: Promise<unknown> = Promise.resolve();

  constructor(client: Pick<Client, 'rolls'>, deps: OpenRollDeps) {
    this.#client = client;
    this.#deps = deps;
  }

  /** Loads the defects of the open roll. Those of another roll or method disappear at once. */
  async load(): Promise<void> {
    const { roll, rule } = this;
    const method = this.#deps.methods.selectedId;
    const request = ++this.#requests;
    const known = this.found;
    if (!roll || known?.roll.image !== roll.image || known.method !== method) this.found = undefined;
    if (known?.roll.image !== roll?.image) {
      this.selectedId = undefined;
      this.filter = {};
      this.#zoomed = undefined;
    }
    this.failure = undefined;
    this.loading = roll !== undefined;
    if (!roll) return;
    try {
      const chosen = { image: roll.image, rule, ...(method === undefined ? {} : { method }) };
      const found = await this.#client.rolls.defects(chosen);
      if (request === this.#requests) this.found = found;
    } catch (thrown) {
      if (request !== this.#requests || isConnectionLost(thrown)) return;
      this.found = undefined;
      this.failure = toErrorReport(thrown);
    } finally {
      if (request === this.#requests) this.loading = false;
    }
  }

  /** Opens a dialog about the roll. A certificate needs the roll's defects. */
  openDialog(dialog: 'details' | 'certificate' | 'rules' | undefined): void {
    if (!this.roll || (dialog === 'certificate' && !this.found)) return;
    this.dialog = dialog;
  }

  /** Grades this roll and all others by another rule. */
  chooseRule(name: string): void {
    void this.#deps.settings.update({ gradingRule: name });
  }

  /** Sorts by a column; by the same column again, in the other direction. Points and scores start with the highest. */
  sortBy(by: DefectOrder['by']): void {
    const again = this.order.by === by;
    this.order = { by, descending: again ? !this.order.descending : by === 'points' || by === 'score' };
  }

  /** Selects a defect and shows it on the map. */
  select(id: string | undefined): void {
    this.selectedId = id;
    const { roll, selected } = this;
    if (!roll || !selected) return;
    const { along, length } = selected.px;
    this.show(reveal(this.shown, { from: along - length / 2, to: along + length / 2 }, roll.lengthPixels));
  }

  /** Zooms the map to a part of the roll; undefined for the whole roll. */
  show(part: MapWindow | undefined): void {
    const whole = !part || spanOf(part) >= spanOf(wholeRoll(this.roll?.lengthPixels ?? 1));
    this.#zoomed = whole ? undefined : part;
  }

  /** Zooms the map to the selected defect or, if it is zoomed already, shows the whole roll. */
  toggleZoom(): void {
    const { roll, selected } = this;
    if (!roll) return;
    if (this.#zoomed || !selected) return this.show(undefined);
    const { along, length } = selected.px;
    this.show(windowAround(along, Math.max(8 * length, roll.lengthPixels / 20), roll.lengthPixels));
  }

  /** Selects the next or previous listed defect, up to the ends. */
  step(steps: number): void {
    const { listed } = this;
    const at = listed.findIndex(({ id }) => id === this.selectedId);
    const next = at < 0 ? (steps > 0 ? 0 : listed.length - 1) : at + steps;
    this.select(listed[Math.min(Math.max(next, 0), listed.length - 1)]?.id);
  }

  /** Gives the verdict on the selected defect and, if settings say so, goes to the next one without a verdict. */
  async setVerdict(verdict: Verdict): Promise<void> {
    const { selected } = this;
    if (!selected) return this.step(1);
    const saved = this.assess(selected.id, { verdict });
    if (this.#deps.settings.values.autoAdvance) this.#selectNext(selected);
    await saved.catch((thrown: unknown) => {
      this.#deps.notices.showError('Could not save the verdict. Try again.', toErrorReport(thrown));
    });
  }

  /**
   * Adds an assessment. It is shown at once, and the grade follows.
   *
   * @returns whether it was saved; false if the operator entered no name
   * @throws errors from the call, after the change is reverted
   */
  async assess(defect: string, change: AssessmentChange): Promise<boolean> {
    const { roll } = this;
    if (!roll) return false;
    const operator = await this.#deps.signature.author();
    if (operator === undefined) return false;
    this.#show(defect, change, operator);
    const saving = this.#latest
      .catch(() => {})
      .then(() =>
        retryOnReconnect(() => this.#client.rolls.assess({ image: roll.image, defect, operator, ...change })),
      );
    this.#latest = saving;
    try {
      await saving;
    } finally {
      // Only the last of several quick changes grades the roll again.
      if (this.#latest === saving && this.roll?.image === roll.image) await this.load();
    }
    return true;
  }

  /** All assessments of a defect, newest first; none if they cannot be loaded. */
  async assessmentsOf(defect: string): Promise<readonly Assessment[]> {
    const { roll } = this;
    if (!roll) return [];
    try {
      const { assessments } = await this.#client.rolls.assessments({ image: roll.image });
      return assessments.filter((each) => each.defect === defect).toReversed();
    } catch (thrown) {
      if (!isConnectionLost(thrown))
        this.#deps.notices.showError('Could not load the assessments', toErrorReport(thrown));
      return [];
    }
  }

  /** Downloads the certificate of the roll as it is graded now. @throws errors from the call */
  async downloadCertificate(format: 'html' | 'pdf', operator: string, signal: AbortSignal): Promise<void> {
    const { found, rule } = this;
    if (!found) return;
    const { roll, method } = found;
    const request = { image: roll.image, method, rule, format, operator };
    const file = await this.#client.rolls.certificate(request, { signal });
    const content =
      format === 'pdf' ? Uint8Array.from(atob(file.content), (byte) => byte.charCodeAt(0)) : file.content;
    if (!signal.aborted) downloadFile({ ...file, content });
  }

  /** Shows a change before it is saved. Its points follow from the rule, on the host. */
  #show(defect: string, { verdict, kind, points, reason = '' }: AssessmentChange, operator: string): void {
    if (!this.found) return;
    const defects = this.found.defects.map((each) => {
      if (each.id !== defect) return each;
      const before = each.assessment;
      const assessment = {
        verdict: verdict === undefined ? (before?.verdict ?? null) : verdict,
        kind: kind ?? before?.kind ?? '',
        points: points === undefined ? (before?.points ?? null) : points,
        reason,
        operator,
        at: new Date().toISOString(),
      };
      return { ...each, assessment };
    });
    this.found = { ...this.found, defects };
  }

  /** Selects the next listed defect without a verdict, continuing at the start. */
  #selectNext(after: RollDefect): void {
    const at = this.listed.findIndex(({ id }) => id === after.id);
    const others = [...this.listed.slice(at + 1), ...this.listed.slice(0, Math.max(at, 0))];
    const next = others.find((defect) => verdictOf(defect) === undefined);
    if (next) this.select(next.id);
  }
}

export const [getOpenRoll, setOpenRoll] = createContext<OpenRoll>();
