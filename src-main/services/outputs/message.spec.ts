import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { decisionMessage, MAX_MESSAGE_REGIONS } from '../../common/api/decision-message.ts';
import { makeDecisionMessage, makeVerdictMessage } from './make-message.ts';
import { messageJsonSchema } from './message-json-schema.ts';
import { decidedPiece, messageOf } from './test/station.ts';

const read = (name: string) => readFileSync(new URL(`../../../docs/${name}`, import.meta.url), 'utf8');
const said = {
  verdict: 'accept' as const,
  defectType: '',
  note: '',
  operator: 'Ada',
  at: '2026-03-01T06:01:00.000Z',
};

it('matches docs/decision-message.schema.json (node src-main/services/outputs/write-json-schema.ts && npm run format)', () => {
  expect(JSON.parse(read('decision-message.schema.json'))).toEqual(messageJsonSchema());
});

it('is documented with an example that has exactly its fields', () => {
  const example = JSON.parse(/```json\n([^]*?)```/.exec(read('decision-messages.md'))?.[1] ?? '') as object;
  expect(decisionMessage.parse(example)).toEqual(example);
  const own = makeDecisionMessage(decidedPiece(1, { pixel: { x: 0.1, y: 0.1 } }));
  const keysOf = (value: unknown): unknown =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, keysOf(inner)]))
      : Array.isArray(value)
        ? value.map(keysOf)
        : typeof value;
  expect(keysOf(example)).toEqual(keysOf(own));
});

it.each([
  ['a decision', makeDecisionMessage(decidedPiece(1))],
  [
    'a frame of a roll',
    messageOf(3, {
      frame: {
        roll: 'A12',
        number: 3,
        offset: 960,
        length: 480,
        width: 640,
        assumed: false,
        mm: { offset: 96, length: 48 },
      },
    }),
  ],
  ['a verdict', makeVerdictMessage(decidedPiece(1), said)],
  [
    'a piece that cannot be read',
    messageOf(2, { sha256: null, size: null, decision: null, score: null, thresholds: null }),
  ],
])('satisfies its schema: %s', (_, message) => {
  expect(decisionMessage.parse(message)).toEqual(message);
});

it('has an id that depends on the piece alone, and another for each verdict', () => {
  const id = messageOf(1).id;
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(
    messageOf(1, { decision: 'pass', decidedAt: 'later', recipe: { name: 'x', revision: 9, sha256: '' } }).id,
  ).toBe(id);
  const others = [
    messageOf(2),
    messageOf(1, { store: 'another' }),
    messageOf(1, { station: { id: 2, name: 'Line 1' } }),
    makeVerdictMessage(decidedPiece(1), said),
    makeVerdictMessage(decidedPiece(1), { ...said, at: '2026-03-01T06:02:00.000Z' }),
  ];
  expect(new Set([id, ...others.map((message) => message.id)]).size).toBe(6);
  expect(others[3]).toMatchObject({ decisionId: id });
});

it('lists at most a hundred regions, with millimeters if the scale is known', () => {
  const region = { box: { left: 10, top: 20, width: 30, height: 40 }, area: 340, peak: 0.9 };
  const message = messageOf(1, {
    regions: Array.from({ length: 150 }, () => region),
    regionsTotal: 150,
    pixel: { x: 0.5, y: 0.25 },
  });
  expect(message.regions).toHaveLength(MAX_MESSAGE_REGIONS);
  expect(message.regionsTotal).toBe(150);
  expect(message.regions[0].mm).toEqual({ box: { left: 5, top: 5, width: 15, height: 10 }, area: 42.5 });
  expect(messageOf(1).regions[0]).not.toHaveProperty('mm');
});
