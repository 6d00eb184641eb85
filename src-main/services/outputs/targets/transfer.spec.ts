import { createHash } from 'node:crypto';
import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OutputTarget } from '../../../common/api/outputs.ts';
import { openTarget } from '../open-target.ts';
import { makeVerdictMessage } from '../make-message.ts';
import { decidedPiece, messageOf, temporaryStation } from '../test/station.ts';

const { signal } = new AbortController();
let line: ReturnType<typeof temporaryStation>;
beforeEach(() => {
  line = temporaryStation();
});
afterEach(() => line.dispose());

const at = (...path: string[]) => join(line.folder, ...path);
const read = (...path: string[]) => readFileSync(at(...path), 'utf8');
const hash = (content: string) => createHash('sha256').update(content).digest('hex');

/** Makes a file of the station that the store knows as a piece with an image. */
function arrive(sequence: number, file: string, content = `content ${sequence}`) {
  mkdirSync(dirname(at(file)), { recursive: true });
  writeFileSync(at(file), content);
  line.store.database.exec(`
    INSERT INTO images (id, dataset_id, path, name, texture_class, defect_type, split, width, height, file_sha256, file_bytes,
      file_mtime_ms, sort_index) VALUES (${sequence}, ${line.dataset}, '${at(file)}', '${file}', 'linen', '', 'test', 8, 8, 'f', 1, 1, 0);
    INSERT INTO pieces (station_id, sequence, file, bytes, mtime_ms, image_id, state, arrived_at)
      VALUES (1, ${sequence}, '${file}', 1, 1, ${sequence}, 'decided', 't');`);
  return messageOf(sequence, { file, sha256: hash(content) });
}
const folders = (change = {}) => ({
  pass: null,
  review: null,
  reject: at('bad'),
  none: at('none'),
  ...change,
});
const open = (target: OutputTarget) => openTarget(line.store, 1, target, undefined);
const move = () => open({ type: 'move', folders: folders() });
const pathOf = (image: number) => line.store.images.get(image).path;
const fileOf = (sequence: number) =>
  line.store.database.prepare('SELECT file FROM pieces WHERE sequence = ?').pluck().get(sequence);

describe('moving', () => {
  it('takes a file to the folder of its decision, with its subfolder and its messages, and the store follows', async () => {
    const message = arrive(1, 'a/1.png');
    await open({ type: 'file', folder: null }).deliver(message, signal);
    expect(await move().deliver(message, signal)).toBeUndefined();
    expect(existsSync(at('a/1.png'))).toBe(false);
    expect(read('bad/a/1.png')).toBe('content 1');
    expect(JSON.parse(read('bad/a/1.png.jsonl'))).toEqual(message);
    expect([pathOf(1), fileOf(1)]).toEqual([at('bad/a/1.png'), 'bad/a/1.png']);
    // A later message is next to the image, where it is now.
    const verdict = { verdict: 'accept' as const, defectType: '', note: '', operator: 'Ada', at: 't' };
    const second = makeVerdictMessage(decidedPiece(1, { file: 'a/1.png' }), verdict);
    await open({ type: 'file', folder: null }).deliver(second, signal);
    expect(read('bad/a/1.png.jsonl').trim().split('\n')).toHaveLength(2);
  });

  it('leaves files whose decision has no folder, and does nothing for a verdict', async () => {
    const message = arrive(1, '1.png');
    await open({ type: 'move', folders: folders({ reject: null }) }).deliver(message, signal);
    const verdict = { verdict: 'accept' as const, defectType: '', note: '', operator: 'Ada', at: 't' };
    await move().deliver(makeVerdictMessage(decidedPiece(1, { file: '1.png' }), verdict), signal);
    expect(read('1.png')).toBe('content 1');
  });

  it('never overwrites a file', async () => {
    mkdirSync(at('bad'));
    writeFileSync(at('bad/1.png'), 'another');
    await move().deliver(arrive(1, '1.png'), signal);
    expect([read('bad/1.png'), read('bad/1 (2).png')]).toEqual(['another', 'content 1']);
    expect(pathOf(1)).toBe(at('bad/1 (2).png'));
  });

  it('is completed after a kill, at any step', async () => {
    const message = arrive(1, '1.png');
    mkdirSync(at('bad'));
    // After the link or copy, before the file was removed.
    writeFileSync(at('bad/1.png'), 'content 1');
    await move().deliver(message, signal);
    expect([existsSync(at('1.png')), readdirSync(at('bad'))]).toEqual([false, ['1.png']]);
    // After it was removed, before the store knew.
    line.store.database.exec(`UPDATE images SET path = '${at('1.png')}'`);
    expect(await move().deliver(message, signal)).toBeUndefined();
    expect(pathOf(1)).toBe(at('bad/1.png'));
  });

  it('refuses a file that changed or vanished after its decision', async () => {
    const changed = arrive(1, '1.png');
    writeFileSync(at('1.png'), 'a new piece of the same name');
    expect(await move().deliver(changed, signal)).toMatchObject({
      message: expect.stringContaining('changed'),
    });
    expect(read('1.png')).toBe('a new piece of the same name');
    const gone = messageOf(2, { file: '2.png' });
    expect(await move().deliver(gone, signal)).toMatchObject({
      message: expect.stringContaining('no longer exists'),
    });
  });

  it('also takes a file that could not be read', async () => {
    arrive(1, '1.png');
    await move().deliver(messageOf(1, { file: '1.png', decision: null, sha256: null, size: null }), signal);
    expect(read('none/1.png')).toBe('content 1');
    expect(
      await move().deliver(messageOf(1, { file: '1.png', decision: null, sha256: null }), signal),
    ).toBeUndefined();
  });

  it('waits while the folder cannot be written', async () => {
    writeFileSync(at('bad'), 'a file, not a folder');
    const message = arrive(1, '1.png');
    await expect(move().deliver(message, signal)).rejects.toMatchObject({ code: 'NOT_WRITABLE' });
    expect(read('1.png')).toBe('content 1');
  });
});

/** A folder in memory, which is another file system than the one of temporary files; undefined on other systems. */
const MEMORY = '/dev/shm';
const isOtherDevice = existsSync(MEMORY) && statSync(MEMORY).dev !== statSync(tmpdir()).dev;

describe.skipIf(!isOtherDevice)('a folder on another device', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(MEMORY, 'perch-transfer-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const deliver = async (type: 'move' | 'copy', message: ReturnType<typeof arrive>) => {
    const reject = join(folder, 'bad');
    await open({ type, folders: folders({ reject }) }).deliver(message, signal);
  };

  it('gets a moved file and its messages, and nothing is left behind', async () => {
    const message = arrive(1, 'a/1.png');
    expect(() => linkSync(at('a/1.png'), join(folder, 'link'))).toThrow(/EXDEV/);
    await open({ type: 'file', folder: null }).deliver(message, signal);
    await deliver('move', message);
    expect(readFileSync(join(folder, 'bad/a/1.png'), 'utf8')).toBe('content 1');
    expect(readdirSync(join(folder, 'bad/a')).sort()).toEqual(['1.png', '1.png.jsonl']);
    expect(readdirSync(at('a'))).toEqual([]);
    expect(pathOf(1)).toBe(join(folder, 'bad/a/1.png'));
  });

  it('gets a copy once, also after an incomplete one', async () => {
    const message = arrive(1, '1.png');
    mkdirSync(join(folder, 'bad'));
    writeFileSync(join(folder, 'bad', `.${message.id}.tmp`), 'half');
    await deliver('copy', message);
    await deliver('copy', message);
    expect(readdirSync(join(folder, 'bad'))).toEqual(['1.png']);
    expect(readFileSync(join(folder, 'bad/1.png'), 'utf8')).toBe('content 1');
    expect([read('1.png'), pathOf(1)]).toEqual(['content 1', at('1.png')]);
  });

  it('keeps its own file of the same name', async () => {
    mkdirSync(join(folder, 'bad'));
    writeFileSync(join(folder, 'bad/1.png'), 'another');
    await deliver('move', arrive(1, '1.png'));
    expect(readdirSync(join(folder, 'bad')).sort()).toEqual(['1 (2).png', '1.png']);
    expect(readFileSync(join(folder, 'bad/1.png'), 'utf8')).toBe('another');
  });
});

it('copies a file once, also after an incomplete copy', async () => {
  const message = arrive(1, '1.png');
  const copy = open({ type: 'copy', folders: folders() });
  mkdirSync(at('bad'));
  writeFileSync(at('bad', `.${message.id}.tmp`), 'half');
  await copy.deliver(message, signal);
  await copy.deliver(message, signal);
  expect([read('1.png'), read('bad/1.png')]).toEqual(['content 1', 'content 1']);
  expect(readdirSync(at('bad'))).toEqual(['1.png']);
  expect(pathOf(1)).toBe(at('1.png'));
});

it('writes a line per message, once', async () => {
  const message = arrive(1, '1.png');
  const sidecar = open({ type: 'file', folder: at('lines') });
  await sidecar.deliver(message, signal);
  await sidecar.deliver(message, signal);
  expect(JSON.parse(read('lines/1.png.jsonl'))).toEqual(message);
});
