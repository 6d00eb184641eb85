import type { GradingRule } from '../../common/api/grading.ts';
import type { Roll, RollDefects } from '../../common/api/rolls.ts';
import type { EngineClient } from '../../engine/client/engine-client.ts';
import type { EngineRequests } from '../../engine/protocol/messages.ts';
import type { Store } from '../../store/store.ts';
import { INSIDE_LIMITS, withoutBorderRegions } from './border-regions.ts';
import { type ChosenResult, chooseResult } from './choose-result.ts';
import { defectId } from './defect-id.ts';
import { describeRoll } from './describe-roll.ts';
import type { GradingRules } from './grading-rules.ts';
import { gradeDefects, type PlacedDefect } from './grade-defects.ts';
import { matchAssessments } from './match-assessments.ts';
import { placeRegion } from './place-region.ts';
import { findRollRepeats } from './roll-repeats.ts';

type Measured = EngineRequests['measureRegions']['response'];

/** Maps whose regions are kept in memory, because every assessment lists a roll's defects again. */
const KEPT = 8;

/** The defects of rolls and their grades. */
export class RollDefectLists {
  readonly #store: Store;
  readonly #engine: EngineClient;
  readonly #rules: Pick<GradingRules, 'find'>;
  readonly #measured = new Map<string, Measured>();

  constructor(store: Store, engine: EngineClient, rules: Pick<GradingRules, 'find'>) {
    this.#store = store;
    this.#engine = engine;
    this.#rules = rules;
  }

  /**
   * A roll's defects by one of its results, and its grade.
   *
   * @throws PerchError `NOT_FOUND` if the roll was not inspected, `UNKNOWN_NAME`, `INVALID_ARGUMENT` with too many regions
   */
  async list(
    wishes: {
      image: number;
      method?: number | undefined;
      threshold?: number | undefined;
      rule: string | GradingRule;
    },
    signal: AbortSignal,
  ): Promise<RollDefects> {
    const roll = describeRoll(this.#store, wishes.image);
    const { rule, used } = this.#rules.find(wishes.rule);
    const image = this.#store.images.get(wishes.image);
    const chosen = chooseResult(this.#store, image, wishes);
    const { result, recipe, threshold } = chosen;
    const region = this.#store.classRegions.find(image.dataset, image.textureClass);
    const { width, height, extentWidth, extentHeight } = result;
    const placement = { width, height, extentWidth, extentHeight, region, direction: roll.direction };
    const { regions, smaller } = await this.#measure({ ...chosen, placement }, signal);
    const atBorders =
      threshold.source === 'suggested'
        ? withoutBorderRegions(
            regions,
            (await this.#measure({ ...chosen, limits: INSIDE_LIMITS, placement }, signal)).regions,
          )
        : { regions, notes: [] };
    const placed = atBorders.regions
      .map((measured): PlacedDefect => ({
        id: defectId(measured.peak),
        box: measured.box,
        score: measured.score,
        ...placeRegion(measured, roll),
      }))
      // The roll may have become shorter since its inspection, which a note says.
      .filter(({ px }) => px.along < roll.lengthPixels && px.across < roll.widthPixels)
      .sort((a, b) => a.px.along - b.px.along || a.px.across - b.px.across);
    const assessments = matchAssessments(placed, this.#store.rollAssessments.list(wishes.image));
    const repeats = findRollRepeats(placed, roll, assessments);
    const { defects, grade } = gradeDefects(placed, { rule, roll, assessments, repeats });
    return {
      roll,
      result: result.id,
      map: result.map,
      method: result.method,
      inspectedAt: result.createdAt,
      methodLabel: this.#store.methods.get(result.method).label,
      threshold,
      recipe: recipe && { id: recipe.id, name: recipe.name, revision: recipe.latest.revision },
      defects,
      smaller,
      repeats,
      grade,
      rule: used,
      notes: [
        ...chosen.notes,
        ...atBorders.notes,
        ...notesOn(roll, defects, recipe?.latest.definition.thresholds?.reject),
      ],
    };
  }

  async #measure(
    {
      result,
      threshold,
      limits,
      placement,
    }: ChosenResult & { placement: EngineRequests['measureRegions']['request']['placement'] },
    signal: AbortSignal,
  ): Promise<Measured> {
    const request = {
      map: this.#store.blobs.pathOf(result.map),
      placement,
      threshold: threshold.score,
      limits: { sizeLimits: limits.sizeLimits, edgeMargin: limits.edgeMargin, mmPerPixel: limits.mmPerPixel },
    };
    const key = JSON.stringify(request);
    const known = this.#measured.get(key);
    if (known) return known;
    const measured = await this.#engine.request('measureRegions', request, { signal });
    this.#measured.set(key, measured);
    for (const oldest of this.#measured.keys()) {
      if (this.#measured.size <= KEPT) break;
      this.#measured.delete(oldest);
    }
    return measured;
  }
}

/** What a person should know about a list of defects. */
function notesOn({ scale }: Roll, defects: RollDefects['defects'], reject: number | undefined): string[] {
  const notes: string[] = [];
  if (!scale) notes.push('The roll has no scale (millimeters per pixel), so it has no grade.');
  const doubtful = defects.filter(
    ({ score, assessment }) => score < (reject ?? -Infinity) && !assessment?.verdict,
  );
  if (doubtful.length > 0)
    notes.push(
      `${doubtful.length} of ${defects.length} defects are between the review and the reject threshold, and no person has assessed them.`,
    );
  return notes;
}
