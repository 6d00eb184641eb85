import { createContext } from 'svelte';
import type { Piece } from '../../../src-main/common/api/station.ts';
import type { Verdict } from '../../../src-main/common/api/sessions.ts';
import { isConnectionLost, toErrorReport } from '../../api/failures.ts';
import { retryOnReconnect } from '../../api/retry.ts';
import type { Notices } from '../notices.svelte.ts';
import type { Signature } from '../settings/signature.svelte.ts';
import { DrawnPiece, type DrawnPieceDeps } from './drawn-piece.svelte.ts';
import { HELD_PIECES, isSettled, KEPT_PIECES, mergePieces, stepPiece } from './piece-list.ts';

/**
 * A verdict within this time after a piece replaced another one may be meant for either, in milliseconds. A person needs at least
 * a fifth of a second to react.
 */
const DOUBT_MS = 500;
/** Earlier pieces that are loaded at once. */
const PAGE = 100;
/** Pieces between a wanted one and the list that are loaded as well. */
const MOST_MISSING = 1000;

export interface OpenStationDeps extends DrawnPieceDeps {
  notices: Notices;
  signature: Pick<Signature, 'author'>;
}

/** The pieces of the station on screen, and the one that is shown: the newest, or one that a person holds. */
export class OpenStation {
  /** The latest pieces in order of arrival. */
  pieces = $state.raw<readonly Piece[]>([]);
  /** The piece that stays on screen; undefined while the newest one is followed. */
  held = $state.raw<Piece>();
  /** Whether the piece is held because a verdict came so early that it may have been meant for the piece before. */
  doubtful = $state(false);
  readonly drawn: DrawnPiece;
  /** The piece to show. */
  readonly wanted: Piece | undefined = $derived.by(() => this.held ?? this.pieces.findLast(isSettled));
  /** The piece on screen, with its latest verdict. */
  readonly piece: Piece | undefined = $derived.by(() => {
    const shown = this.drawn.current?.piece;
    if (!shown) return undefined;
    if (this.held?.id === shown.id) return this.held;
    return this.pieces.findLast(({ id }) => id === shown.id) ?? shown;
  });
  /** Settled pieces that arrived after the one on screen. */
  readonly newer: number = $derived.by(() => {
    const { piece } = this;
    if (!piece) return 0;
    return this.pieces.filter((each) => isSettled(each) && each.sequence > piece.sequence).length;
  });

  readonly #deps: OpenStationDeps;
  #station: number | undefined;
  /** Number of the latest request. */
  #requests = 0;
  #loadingEarlier = false;
  /** Whether a doubtful piece was followed before. */
  #followsAfter = false;

  constructor(deps: OpenStationDeps) {
    this.#deps = deps;
    this.drawn = new DrawnPiece(deps);
  }

  /** Loads a station's latest pieces. Opening the same station again adds those that were missed. */
  async open(station: number | undefined): Promise<void> {
    if (station !== this.#station) {
      this.pieces = [];
      this.held = undefined;
      this.doubtful = false;
      this.drawn.show(undefined);
    }
    this.#station = station;
    const request = ++this.#requests;
    if (station === undefined) return;
    try {
      const { pieces } = await this.#deps.client.stations.pieces({ station, limit: KEPT_PIECES });
      if (request === this.#requests) this.#merge(pieces);
    } catch (thrown) {
      if (request === this.#requests) this.#fail('Could not load the pieces of the station', thrown);
    }
  }

  /** Takes a piece that was decided, failed, or got a verdict. */
  take(piece: Piece): void {
    if (piece.station !== this.#station) return;
    if (this.held?.id === piece.id) this.held = piece;
    this.#merge([piece]);
  }

  /** Keeps the piece on screen while others arrive. */
  hold(piece: Piece | undefined = this.piece): void {
    this.held = piece;
    this.doubtful = false;
  }

  /** Shows the newest piece, and each one that arrives. */
  follow(): void {
    this.held = undefined;
    this.doubtful = false;
    this.pieces = this.pieces.slice(-KEPT_PIECES);
  }

  toggleHold(): void {
    if (this.held) this.follow();
    else this.hold();
  }

  /** Holds an earlier or a later piece. Stepping beyond the newest one follows again. */
  async step(steps: number): Promise<void> {
    const { piece } = this;
    if (!piece) return;
    if (steps > 0 && this.newer === 0) return this.follow();
    const earlier = this.pieces.filter((each) => isSettled(each) && each.sequence < piece.sequence);
    const first = Math.min(piece.sequence, this.pieces.at(0)?.sequence ?? Infinity);
    if (earlier.length < -steps && first > 1) await this.#loadEarlier(first);
    this.hold(stepPiece(this.pieces, piece.sequence, steps));
  }

  /** Holds the piece with a sequence. One that has left the list is loaded with those after it, if they are not too many. */
  async showSequence(sequence: number): Promise<void> {
    const station = this.#station;
    if (station === undefined) return;
    const find = () => this.pieces.find((each) => each.sequence === sequence);
    const listed = find();
    if (listed) return this.hold(listed);
    const first = this.pieces.at(0)?.sequence ?? sequence + 1;
    const missing = first - sequence;
    try {
      const { pieces } = await this.#deps.client.stations.pieces(
        missing <= MOST_MISSING
          ? { station, before: first, limit: missing }
          : { station, before: sequence + 1, limit: 1 },
      );
      const found = pieces.find((each) => each.sequence === sequence);
      if (station !== this.#station || !found) return;
      // The list grows only while a piece is held.
      this.hold(found);
      if (missing <= MOST_MISSING) this.#merge(pieces);
    } catch (thrown) {
      this.#fail(`Could not load piece ${sequence}`, thrown);
    }
  }

  /** Confirms or overrules the decision on the piece on screen. */
  async setVerdict(verdict: Verdict): Promise<void> {
    const { piece } = this;
    if (piece?.state !== 'decided') return;
    const wasDoubtful = this.doubtful;
    const changing = this.held && this.held.id !== piece.id;
    if (changing || (!this.held && performance.now() - this.drawn.replacedAt < DOUBT_MS)) {
      this.#followsAfter = !this.held;
      this.hold(this.held ?? piece);
      this.doubtful = true;
      return;
    }
    const operator = await this.#deps.signature.author();
    if (operator === undefined) return;
    const { client } = this.#deps;
    this.doubtful = false;
    this.take({ ...piece, verdict, operator });
    // The piece was held only for this verdict.
    if (wasDoubtful && this.#followsAfter) this.follow();
    try {
      this.take(
        await retryOnReconnect(() => client.stations.verdict({ piece: piece.id, verdict, operator })),
      );
    } catch (thrown) {
      this.take(piece);
      this.#fail(`Could not save the verdict on piece ${piece.sequence}. Try again.`, thrown);
    }
  }

  async #loadEarlier(before: number): Promise<void> {
    const station = this.#station;
    if (station === undefined || this.#loadingEarlier) return;
    this.#loadingEarlier = true;
    try {
      const { pieces } = await this.#deps.client.stations.pieces({ station, before, limit: PAGE });
      if (station !== this.#station) return;
      // The list grows only while a piece is held.
      this.hold(this.piece);
      this.#merge(pieces);
    } catch (thrown) {
      this.#fail('Could not load earlier pieces', thrown);
    } finally {
      this.#loadingEarlier = false;
    }
  }

  #merge(pieces: readonly Piece[]): void {
    this.pieces = mergePieces(this.pieces, pieces, this.held ? HELD_PIECES : KEPT_PIECES);
  }

  #fail(title: string, thrown: unknown): void {
    if (!isConnectionLost(thrown)) this.#deps.notices.showError(title, toErrorReport(thrown));
  }
}

export const [getOpenStation, setOpenStation] = createContext<OpenStation>();
