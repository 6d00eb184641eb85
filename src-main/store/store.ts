import { EventEmitter } from 'node:events';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Statement } from 'better-sqlite3';
import { dataDirectory } from '../files/data-dir.ts';
import { AuditTable } from './audit.ts';
import { Blobs } from './blobs.ts';
import { CalibrationMarkTable } from './calibration-marks.ts';
import { ClassRegionTable } from './class-regions.ts';
import { ClassScaleTable } from './class-scales.ts';
import { type Connection, openDatabase, storeError, transaction } from './database.ts';
import { DatasetTable } from './datasets.ts';
import { EvaluationTable } from './evaluations.ts';
import { ImageScoreTable } from './image-scores.ts';
import { ImageTable } from './images.ts';
import { MethodTable } from './methods.ts';
import { otherImagesByClass } from './other-images.ts';
import { Outbox } from './outbox.ts';
import { OutputTable } from './outputs.ts';
import { RecipeTable } from './recipes.ts';
import { ResultTable } from './results.ts';
import { RevisionTable } from './revisions.ts';
import { RollAssessmentTable } from './roll-assessments.ts';
import { RollTable } from './rolls.ts';
import { RunTable } from './runs.ts';
import { SessionTable } from './sessions.ts';
import { SettingTable } from './settings.ts';
import { RunItemTable } from './run-items.ts';
import { PieceFrameTable } from './piece-frames.ts';
import { PieceTable } from './pieces.ts';
import { StationShiftTable } from './station-shifts.ts';
import { StationTable } from './stations.ts';
import { ThresholdTable } from './thresholds.ts';
import { VerdictTable } from './verdicts.ts';

/** A user's data: a database, and the files that its rows refer to. */
export class Store {
  /** Absolute path of the data directory. */
  readonly home: string;
  readonly database: Connection;
  readonly blobs: Blobs;
  readonly datasets: DatasetTable;
  readonly images: ImageTable;
  readonly revisions: RevisionTable;
  readonly methods: MethodTable;
  readonly results: ResultTable;
  readonly runs: RunTable;
  readonly runItems: RunItemTable;
  readonly thresholds: ThresholdTable;
  readonly sessions: SessionTable;
  readonly verdicts: VerdictTable;
  readonly settings: SettingTable;
  readonly evaluations: EvaluationTable;
  readonly recipes: RecipeTable;
  readonly classRegions: ClassRegionTable;
  readonly classScales: ClassScaleTable;
  readonly calibrationMarks: CalibrationMarkTable;
  readonly imageScores: ImageScoreTable;
  readonly rolls: RollTable;
  readonly rollAssessments: RollAssessmentTable;
  readonly stations: StationTable;
  readonly pieces: PieceTable;
  readonly pieceFrames: PieceFrameTable;
  readonly stationShifts: StationShiftTable;
  readonly audit: AuditTable;
  readonly outputs: OutputTable;
  readonly outbox: Outbox;
  readonly #changesAtOpening: number;
  readonly #totalChanges: Statement<[], number>;
  /** Emits `datasets` after a change to datasets, their images or their ground truth. */
  readonly changes = new EventEmitter<{ datasets: []; images: [] }>();

  /**
   * Opens the store in a data directory and creates it if it is missing.
   *
   * @throws PerchError `STORE_TOO_NEW`, `STORE_UNUSABLE`, `STORE_BUSY`, `DISK_FULL`
   */
  constructor(home = dataDirectory()) {
    this.home = home;
    this.database = openDatabase(join(home, 'perch.db'));
    try {
      this.blobs = new Blobs(this.database, join(home, 'blobs'));
    } catch (thrown) {
      this.database.close();
      throw storeError(this.database.name, thrown);
    }
    this.datasets = new DatasetTable(this.database);
    this.images = new ImageTable(this.database);
    this.revisions = new RevisionTable(this.database);
    this.methods = new MethodTable(this.database);
    this.results = new ResultTable(this.database, (dataset, method) =>
      otherImagesByClass(this, dataset, method),
    );
    this.runs = new RunTable(this.database);
    this.runItems = new RunItemTable(this.database, this.runs);
    this.thresholds = new ThresholdTable(this.database);
    this.sessions = new SessionTable(this.database);
    this.verdicts = new VerdictTable(this.database, this.sessions);
    this.settings = new SettingTable(this.database);
    this.evaluations = new EvaluationTable(this.database);
    this.recipes = new RecipeTable(this.database);
    this.classRegions = new ClassRegionTable(this.database);
    this.classScales = new ClassScaleTable(this.database);
    this.calibrationMarks = new CalibrationMarkTable(this.database);
    this.imageScores = new ImageScoreTable(this.database);
    this.rolls = new RollTable(this.database);
    this.rollAssessments = new RollAssessmentTable(this.database);
    this.stations = new StationTable(this.database);
    this.pieces = new PieceTable(this.database);
    this.pieceFrames = new PieceFrameTable(this.database);
    this.stationShifts = new StationShiftTable(this.database);
    this.audit = new AuditTable(this.database);
    this.outputs = new OutputTable(this.database);
    this.outbox = new Outbox(this.database);
    this.#totalChanges = this.database.prepare<[], number>('SELECT total_changes()').pluck();
    this.#changesAtOpening = this.#changes();
  }

  /** Runs `work` in a transaction. @throws as `transaction` */
  transaction<Result>(work: () => Result): Result {
    return transaction(this.database, work);
  }

  /** Size of the database files. */
  async databaseBytes(): Promise<number> {
    const sizes = ['', '-wal', '-shm'].map(async (ending) => (await stat(this.database.name + ending)).size);
    const known = await Promise.allSettled(sizes);
    return known.reduce((sum, size) => sum + (size.status === 'fulfilled' ? size.value : 0), 0);
  }

  /** The globally unique id of this store. */
  get id(): string {
    return this.database.prepare<[], string>('SELECT id FROM store').pluck().get() ?? '';
  }

  /** A number that changes when another process writes. */
  version(): number {
    return this.database.pragma('data_version', { simple: true }) as number;
  }

  /** Whether this process has written to the store since it opened it. */
  get isChanged(): boolean {
    return this.#changes() > this.#changesAtOpening;
  }

  #changes(): number {
    return this.#totalChanges.get() ?? 0;
  }

  /** A version string that changes when any process writes, including this one. */
  writes(): string {
    return `${this.version()} ${this.#changes()}`;
  }

  get isOpen(): boolean {
    return this.database.open;
  }

  close(): void {
    this.database.close();
  }
}
