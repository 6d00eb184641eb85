// Performs random operations on a store until it is killed, and reports each on stdout. Arguments: HOME, NAME, SEED.
import { writeSync } from 'node:fs';
import { mulberry32 } from '../../methods/prng.ts';
import { copyOfToday } from '../backups.ts';
import { Store } from '../store.ts';

/** An operation, reported after it was stored. */
export type StressReport =
  | { did: 'dataset'; id: number; name: string; images: number[] }
  | { did: 'revision'; image: number; revision: number; mask: string }
  | { did: 'verdict'; session: number; image: number; note: string }
  | { did: 'session'; id: number; dataset: number }
  /** Reported before the removal starts. */
  | { did: 'removing'; id: number };

const [home, name, seed] = process.argv.slice(2);
const random = mulberry32(Number(seed));
const below = (limit: number) => Math.floor(random() * limit);
const report = (entry: StressReport) => writeSync(1, `${JSON.stringify(entry)}\n`);

const store = new Store(home);
const own: { id: number; images: number[]; session: number }[] = [];
let count = 0;

async function addDataset(): Promise<void> {
  const wished = `${name} ${seed}-${++count}`;
  const thumbnail = await store.blobs.put(Buffer.from(`thumbnail ${wished}`));
  const created = store.transaction(() => {
    const id = store.datasets.add({ name: wished, layout: 'folder', root: `/${wished}`, ignoreBorder: 0 });
    const images = Array.from({ length: 1 + below(5) }, (_, sortIndex) =>
      store.images.add(id, {
        path: `/${wished}/${sortIndex}.png`,
        tileIndex: 0,
        name: `${sortIndex}.png`,
        textureClass: 'cloth',
        defectType: '',
        split: 'test',
        width: 8,
        height: 8,
        thumbnail,
        sortIndex,
        file: { sha256: 'f'.repeat(64), bytes: 1, mtimeMs: 1, ctimeMs: 1 },
        maskFiles: null,
      }),
    );
    return { id, images };
  });
  report({ did: 'dataset', ...created, name: wished });
  const { id: session } = store.sessions.add({
    dataset: created.id,
    operator: name,
    name: '',
    method: null,
    filter: '',
    images: created.images,
  });
  report({ did: 'session', id: session, dataset: created.id });
  own.push({ ...created, session });
}

async function draw(): Promise<void> {
  const { images } = own[below(own.length)];
  const image = images[below(images.length)];
  const mask = await store.blobs.put(
    Buffer.from(`mask ${name} ${seed} ${++count} ${'.'.repeat(below(20_000))}`),
  );
  const drawn = { image, groundTruth: 'masked', mask, author: name, source: 'drawn', pixels: 1 } as const;
  const { revision } = store.revisions.add(drawn);
  report({ did: 'revision', image, revision, mask });
}

function addVerdict(): void {
  const { images, session } = own[below(own.length)];
  const image = images[below(images.length)];
  const note = `${name} ${seed} ${++count}`;
  store.verdicts.add(session, { image, verdict: 'reject', defectType: '', note });
  report({ did: 'verdict', session, image, note });
}

function remove(): void {
  const [{ id }] = own.splice(below(own.length), 1);
  report({ did: 'removing', id });
  store.datasets.remove(id);
}

for (;;) {
  const dice = random();
  if (own.length === 0 || dice < 0.15) await addDataset();
  else if (dice < 0.5) await draw();
  else if (dice < 0.9) addVerdict();
  else if (dice < 0.94) remove();
  else if (dice < 0.97) await store.blobs.collectGarbage();
  else await copyOfToday(store.database, new Date(Date.UTC(2026, 0, 1 + below(28))));
}
