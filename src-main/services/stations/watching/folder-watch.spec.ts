import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FolderWatch } from './folder-watch.ts';
import { listPieceFiles } from './list-files.ts';

vi.mock(import('./list-files.ts'), { spy: true });

let parent: string;
let folder: string;
let watched: FolderWatch;
const found: string[] = [];
const states: (string | undefined)[] = [];

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'perch-watch-'));
  folder = join(parent, 'line');
  await mkdir(folder);
  found.length = states.length = 0;
  vi.mocked(listPieceFiles).mockClear();
});
afterEach(async () => {
  await watched.close();
  await rm(parent, { recursive: true });
});

function watch(polling = false): void {
  watched = new FolderWatch(folder, polling, {
    onFile: (file) => found.push(file),
    onState: (error) => states.push(error?.code),
  });
}

const write = (file: string) => writeFile(join(folder, file), file);
const listings = () => vi.mocked(listPieceFiles).mock.calls.length;

/** Waits until the folder is watched. */
async function watching(): Promise<void> {
  await write('first.png');
  watch();
  await vi.waitFor(() => expect(found).toContain('first.png'));
  await pause(100);
  found.length = 0;
  vi.mocked(listPieceFiles).mockClear();
}

/** A report comes within a fraction of the interval at which the folder is listed. */
const reported = (file: string) =>
  vi.waitFor(() => expect(found).toContain(file), { timeout: 5000, interval: 10 });

describe('a watched folder', () => {
  it('reports new and changed files without being listed again', async () => {
    await watching();
    for (let number = 0; number < 100; number++) await write(`${number}.png`);
    await reported('99.png');
    expect([...new Set(found)].sort()).toEqual(Array.from({ length: 100 }, (_, at) => `${at}.png`).sort());
    await write('.hidden');
    await write('7.png.tmp');
    await rename(join(folder, '7.png.tmp'), join(folder, 'renamed.png'));
    await reported('renamed.png');
    found.length = 0;
    await write('7.png');
    await reported('7.png');
    expect(new Set(found)).toEqual(new Set(['7.png']));
    expect(listings()).toBe(0);
  });

  it('reports the files of new folders, also of one that was removed and is there again', async () => {
    await watching();
    for (const round of [1, 2]) {
      await mkdir(join(folder, 'a/b'), { recursive: true });
      await write(`a/b/${round}.png`);
      await reported(`a/b/${round}.png`);
      await pause(100);
      await write(`a/b/later${round}.png`);
      await reported(`a/b/later${round}.png`);
      await rm(join(folder, 'a'), { recursive: true });
    }
    await mkdir(join(folder, '.hidden'));
    await write('.hidden/1.png');
    await write('last.png');
    await reported('last.png');
    expect(found.filter((file) => file.startsWith('.'))).toEqual([]);
  });

  it('says that the folder is missing, and watches it when it is there again', async () => {
    await watching();
    await rm(folder, { recursive: true });
    await vi.waitFor(() => expect(states).toEqual([undefined, 'NOT_FOUND'].slice(-states.length || 2)), {
      timeout: 5000,
    });
    await mkdir(folder);
    await write('back.png');
    await reported('back.png');
    await pause(100);
    await write('next.png');
    await reported('next.png');
    expect(states.at(-1)).toBeUndefined();
  });

  it('that was replaced at once is watched as well', async () => {
    await watching();
    await mkdir(join(parent, 'other'));
    await rename(folder, join(parent, 'former'));
    await rename(join(parent, 'other'), folder);
    await vi.waitFor(() => expect(listings()).toBeGreaterThan(0), { timeout: 5000 });
    await pause(300);
    await write('new.png');
    await reported('new.png');
  });
});

it('a polled folder reports each file once, and again after it changed', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const after = async (seconds: number) => {
    for (let second = 0; second < seconds; second++) {
      await vi.advanceTimersByTimeAsync(1000);
      await pause(10);
    }
    return found;
  };
  try {
    await write('1.png');
    watch(true);
    expect(await after(3)).toEqual(['1.png']);
    await write('2.png');
    expect(await after(3)).toEqual(['1.png', '2.png']);
    await writeFile(join(folder, '1.png'), 'longer than before');
    expect(await after(40)).toEqual(['1.png', '2.png', '1.png']);
    expect(listings()).toBeGreaterThan(20);
  } finally {
    vi.useRealTimers();
  }
});
