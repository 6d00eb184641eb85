import { describe, expect, it } from 'vitest';
import { outputTarget, type OutputTarget } from '../../../src-main/common/api/outputs.ts';
import { anOutput } from '../test/stations.ts';
import { OutputDraft } from './output-draft.svelte.ts';

const connection = { plaintext: false, certificateFile: null };
const targets: OutputTarget[] = [
  { type: 'file', folder: null },
  { type: 'file', folder: '/decisions' },
  { type: 'webhook', url: 'https://line.example/perch', plaintext: true, certificateFile: '/ca.pem' },
  { type: 'mqtt', url: 'mqtts://broker.example', topic: 'perch', username: 'line', ...connection },
  { type: 'copy', folders: { pass: null, review: '/review', reject: '/reject', none: null } },
  { type: 'move', folders: { pass: '/pass', review: null, reject: null, none: '/none' } },
];

describe('the draft of an output', () => {
  it.each(targets)('of an existing output changes nothing by itself: %j', (target) => {
    const draft = new OutputDraft(anOutput({ target, hasSecret: true }));
    expect(draft.target).toEqual(target);
    expect(outputTarget.parse(draft.target)).toEqual(target);
    expect(draft.problem).toBe('');
  });

  it('of a webhook needs an address and a key, and never shows a stored key', () => {
    const draft = new OutputDraft(undefined);
    expect(draft.problem).toBe('Enter the address.');
    draft.url = ' https://line.example/perch ';
    expect(draft.problem).toContain('key');
    draft.secret = 'too short';
    expect(draft.problem).toContain('16 characters');
    draft.secret = 'a key of enough characters';
    expect([draft.problem, draft.target]).toEqual([
      '',
      { type: 'webhook', url: 'https://line.example/perch', ...connection },
    ]);
    expect(new OutputDraft(anOutput({ target: draft.target, hasSecret: true })).secret).toBe('');
  });

  it('of files by decision needs a folder', () => {
    const draft = new OutputDraft(undefined);
    draft.type = 'move';
    expect(draft.problem).toBe('Enter at least one folder.');
    draft.folders.reject = '/reject';
    expect(draft.problem).toBe('');
  });
});
