import { oc } from '@orpc/contract';
import { z } from 'zod';
import { errorReport } from './schemas.ts';
import { absolutePath, line } from './text.ts';

/** Messages that an output keeps while they cannot be delivered. Beyond it the oldest ones are dropped and counted. */
export const MAX_PENDING = 100_000;

const urlOf = (protocols: RegExp, example: string) =>
  line(2000).refine((text) => {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    return url && protocols.test(url.protocol) && url.username === '' && url.password === '';
  }, `Enter an address without user name and password, such as ${example}`);

const connection = {
  /** Allows a connection without TLS to another machine. */
  plaintext: z.boolean().default(false),
  /** PEM file of certificates to trust besides those of Node, for a self-signed one. */
  certificateFile: absolutePath.nullable().default(null),
};

const folder = absolutePath.nullable();
const folders = {
  /** Folder per decision; null leaves the files in place. `none` is for pieces without a decision. */
  folders: z.strictObject({ pass: folder, review: folder, reject: folder, none: folder }),
};

/** Where an output sends messages or files. */
export const outputTarget = z.discriminatedUnion('type', [
  /** `<image>.jsonl` with a line per message, next to the image (null) or in a folder. */
  z.strictObject({ type: z.literal('file'), folder }),
  z.strictObject({
    type: z.literal('webhook'),
    url: urlOf(/^https?:$/, 'https://line.example/perch'),
    ...connection,
  }),
  z.strictObject({
    type: z.literal('mqtt'),
    url: urlOf(/^mqtts?:$/, 'mqtts://broker.example'),
    /** `{station}`, `{decision}` and `{kind}` are replaced. */
    topic: line(500).min(1).default('perch/{station}/{decision}'),
    username: line(200).default(''),
    ...connection,
  }),
  z.strictObject({ type: z.literal('copy'), ...folders }),
  z.strictObject({ type: z.literal('move'), ...folders }),
]);
export type OutputTarget = z.infer<typeof outputTarget>;
export type OutputType = OutputTarget['type'];

/** An output of a station, and the state of its delivery. */
export const output = z.object({
  id: z.int(),
  station: z.int(),
  target: outputTarget,
  /** Whether it has a secret: a webhook's key, or an MQTT password. The secret itself never leaves the host. */
  hasSecret: z.boolean(),
  enabled: z.boolean(),
  /** Messages that are not delivered yet. */
  pending: z.int(),
  /** Since when the oldest of them waits; null if none does. */
  pendingSince: z.string().nullable(),
  /** Messages that the receiver refused for good, and those dropped because too many were pending. */
  refused: z.int(),
  dropped: z.int(),
  deliveredAt: z.string().nullable(),
  /** Why the last attempt failed; null if it succeeded. */
  lastError: z.object({ at: z.string(), error: errorReport }).nullable(),
  /** When the next attempt is made after a failed one. */
  nextAttemptAt: z.string().nullable(),
});
export type Output = z.infer<typeof output>;

/** Entered once and never shown again: a webhook's key of at least 16 characters, or an MQTT password. */
const secret = line(1000).min(1);
const id = z.object({ output: z.int() });

export const outputs = {
  list: oc.input(z.object({ station: z.int().optional() })).output(z.object({ outputs: z.array(output) })),
  /** A webhook needs a secret. Fails with `CONFLICT` if the station already moves or has the same target. */
  add: oc
    .input(z.object({ station: z.int(), target: outputTarget, secret: secret.optional() }))
    .output(output),
  /** Changes what is given. A null secret removes it. */
  change: oc
    .input(
      id.extend({
        target: outputTarget.optional(),
        secret: secret.nullable().optional(),
        enabled: z.boolean().optional(),
      }),
    )
    .output(output),
  /** Its pending messages are discarded. */
  remove: oc.input(id).output(z.void()),
  /** Sends a message of kind `test`, or checks that the folders can be written to. Fails with the reason. */
  test: oc.input(id).output(z.object({ seconds: z.number() })),
  /** Attempts delivery at once instead of at `nextAttemptAt`. */
  retry: oc.input(id).output(output),
};
