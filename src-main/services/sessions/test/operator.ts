/** `operator.ts HOME SESSION IMAGE...`: a process that rejects the images in order and prints each one after its call has returned. */
import { writeSync } from 'node:fs';
import { Store } from '../../../store/store.ts';
import { openSessions } from '../sessions.ts';

const [home, session, ...images] = process.argv.slice(2);
const sessions = openSessions(new Store(home), { decisions: async () => ({ decisions: [] }) });
const signal = new AbortController().signal;
for (const image of images.map(Number)) {
  await sessions.setVerdict(
    { session: Number(session), image, verdict: 'reject', defectType: 'hole', note: '' },
    signal,
  );
  writeSync(1, `${image}\n`);
}
