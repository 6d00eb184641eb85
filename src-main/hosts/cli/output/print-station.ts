import type { PieceFrame, StationRollDefects } from '../../../common/api/station-frames.ts';
import type { Piece, Station, StationStatus } from '../../../common/api/station.ts';
import { formatLength, type UnitSystem } from '../../../common/length-text.ts';
import { printJson } from './json.ts';
import { printError, printLine } from './print.ts';
import { withHint } from './hint-text.ts';

/** Prints what happens at a station. */
export interface StationPrinter {
  piece(piece: Piece): void;
  status(status: StationStatus): void;
  /** Prints a roll so far: when another one begins, and at the end. */
  roll(roll: StationRollDefects): void;
  end(): void;
}

/** Minimum interval between reports of a backlog. */
const REPORT_MS = 10_000;

/** Interval of statuses in JSON. */
const JSON_STATUS_MS = 1000;

/** A backlog below this is not reported. */
const LONG_LAG_SECONDS = 5;

/** A line per piece; alarms, backlogs and interruptions on standard error. */
export function stationPrinter(
  { name, folder, recipe, textureClass, polling, rollDirection }: Station,
  units: UnitSystem,
): StationPrinter {
  const how = `${polling ? ', listed every second' : ''}${rollDirection === null ? '' : ', a roll per folder'}`;
  printError(
    `station ${name} watches ${folder}${how}; class ${textureClass}; recipe ${recipe.name}, revision ${recipe.revision}. Ctrl-C ends.`,
  );
  let last: StationStatus | undefined;
  let reportedAt = -Infinity;
  return {
    piece: (piece) => printLine(pieceLine(piece, units)),
    roll: (roll) => printError(rollLine(roll, units)),
    status(status) {
      const { alarm, halted, backlog, lagSeconds, shift } = status;
      if (alarm && alarm.since !== last?.alarm?.since) printError(`ALARM: ${alarm.text}`);
      if (halted && halted.message !== last?.halted?.message)
        printError(`halted: ${withHint(halted)} It continues by itself.`);
      if (!halted && last?.halted) printError('continues.');
      if (last && last.shift.shift !== shift.shift) printError(`new shift: ${shift.shift}`);
      const isBehind = backlog > 0 && (lagSeconds ?? 0) >= LONG_LAG_SECONDS;
      if (isBehind && !halted && performance.now() - reportedAt >= REPORT_MS) {
        reportedAt = performance.now();
        printError(`${backlog} waiting, ${Math.round(lagSeconds ?? 0)} s behind`);
      }
      last = status;
    },
    end() {
      if (last) printError(`shift ${last.shift.shift}: ${countsText(last.shift)}`);
      if (last && last.backlog > 0) printError(`${last.backlog} wait for the next start.`);
    },
  };
}

/** A JSON object per line: the station first, then pieces, and the status when it has changed, at most once per second. */
export function jsonStationPrinter(station: Station): StationPrinter {
  printJson({ type: 'station', station });
  let printed = '';
  let timer: NodeJS.Timeout | undefined;
  let latest: StationStatus | undefined;
  const print = () => {
    timer = undefined;
    const text = JSON.stringify(latest);
    if (!latest || text === printed) return;
    printed = text;
    printJson({ type: 'status', status: latest });
  };
  return {
    piece: (piece) => printJson({ type: 'piece', piece }),
    roll: (roll) => printJson({ type: 'roll', roll }),
    status(status) {
      latest = status;
      timer ??= setTimeout(print, JSON_STATUS_MS);
    },
    end() {
      clearTimeout(timer);
      print();
    },
  };
}

/** "   128  reject  0.0213   0.31 s  a/b.png  A region of 340 px at 0.0213 reaches the reject threshold 0.0188" */
function pieceLine(piece: Piece, units: UnitSystem): string {
  const { sequence, state, decision, score, seconds, file, frame, reason, duplicateOf } = piece;
  const outcome =
    duplicateOf !== null ? 'duplicate' : state === 'decided' ? (decision ?? 'undecided') : state;
  const cells = [
    String(sequence).padStart(6),
    outcome.padEnd(9),
    (score === null ? '' : String(Number(score.toPrecision(3)))).padEnd(8),
    seconds === null ? '' : `${seconds.toFixed(2)} s`.padStart(7),
    file,
    ...(frame ? [frameText(frame, units)] : []),
    reason,
  ];
  return cells.join('  ');
}

/** "frame 12 at 8.40 m" */
function frameText({ number, offset, mm }: PieceFrame, units: UnitSystem): string {
  return `frame ${number} at ${mm ? formatLength(mm.offset, units) : `${offset} px`}`;
}

/** "roll A12: 37 frames, 25.9 m, 12 defects, 9 points, 3.2 points per 100 square yards (limit 40): passes so far" */
function rollLine({ roll, defects, grade, notes }: StationRollDefects, units: UnitSystem): string {
  const { name, frames, lengthPixels, scale } = roll;
  const length = scale ? formatLength(lengthPixels * scale.along, units) : `${lengthPixels} px`;
  const counts = `roll ${name}: ${frames} ${frames === 1 ? 'frame' : 'frames'}, ${length}, ${defects.length} ${defects.length === 1 ? 'defect' : 'defects'}`;
  return [counts + (grade ? gradeText(grade) : ''), ...notes.map((note) => `  ${note}`)].join('\n');
}

function gradeText({ totalPoints, figure, pass }: NonNullable<StationRollDefects['grade']>): string {
  const limit = figure.limit === null ? '' : ` (limit ${figure.limit})`;
  return `, ${totalPoints} points, ${Number(figure.value.toPrecision(4))} ${figure.unit}${limit}: ${pass ? 'passes' : 'fails'} so far`;
}

function countsText(counts: StationStatus['shift']): string {
  const { pieces, pass, review, reject, undecided, failed, dropped, duplicates } = counts;
  const others = Object.entries({ undecided, failed, dropped, duplicates })
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => `, ${count} ${count === 1 ? kind.replace(/s$/, '') : kind}`);
  return `${pieces} pieces: ${pass} pass, ${review} to review, ${reject} rejected${others.join('')}`;
}
