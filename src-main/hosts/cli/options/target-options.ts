import { resolve } from 'node:path';
import { InvalidArgumentError, Option } from 'commander';
import { type OutputTarget, outputTarget } from '../../../common/api/outputs.ts';
import { PerchError } from '../../../common/api/errors.ts';

type Folders = Extract<OutputTarget, { type: 'move' }>['folders'];

/** The options of a target, of which one of the first five is given. */
export interface TargetOptions {
  jsonLines?: string | true;
  webhook?: string;
  mqtt?: string;
  move?: Folders;
  copy?: Folders;
  topic?: string;
  username?: string;
  certificate?: string;
  plaintext?: boolean;
}

export const targetOptions = () => [
  new Option('--json-lines [folder]', 'write <image>.jsonl next to each image, or to a folder'),
  new Option('--webhook <url>', 'post each message as JSON'),
  new Option('--mqtt <url>', 'publish each message with QoS 1: mqtts://HOST or mqtt://HOST'),
  new Option(
    '--move <folders>',
    'move the images: pass=FOLDER,review=FOLDER,reject=FOLDER,none=FOLDER',
  ).argParser(folders),
  new Option('--copy <folders>', 'copy the images to such folders').argParser(folders),
  new Option('--topic <template>', 'MQTT topic (default: perch/{station}/{decision})'),
  new Option('--username <name>', 'user name at the MQTT broker'),
  new Option('--certificate <file>', 'PEM file of a certificate to trust, such as a self-signed one'),
  new Option('--plaintext', 'allow a connection without TLS to another machine'),
];

/** Parses "pass=/done,reject=/bad". */
function folders(text: string): Folders {
  const found: Folders = { pass: null, review: null, reject: null, none: null };
  for (const part of text.split(',')) {
    const [, decision, folder] = /^(pass|review|reject|none)=(.+)$/.exec(part.trim()) ?? [];
    if (folder === undefined)
      throw new InvalidArgumentError('Must be decisions with folders, as in pass=done,reject=bad.');
    found[decision as keyof Folders] = resolve(folder);
  }
  return found;
}

/** The target that options name. @throws PerchError `INVALID_ARGUMENT` unless it is exactly one, and complete */
export function targetOf(options: TargetOptions): OutputTarget {
  const { jsonLines, webhook, mqtt, move, copy, topic, username, certificate, plaintext = false } = options;
  const connection = { plaintext, certificateFile: certificate === undefined ? null : resolve(certificate) };
  const targets = [
    jsonLines && { type: 'file', folder: jsonLines === true ? null : resolve(jsonLines) },
    webhook && { type: 'webhook', url: webhook, ...connection },
    mqtt && { type: 'mqtt', url: mqtt, topic, username, ...connection },
    move && { type: 'move', folders: move },
    copy && { type: 'copy', folders: copy },
  ].filter((target) => target !== undefined);
  if (targets.length !== 1)
    throw new PerchError(
      'INVALID_ARGUMENT',
      'Name one of --json-lines, --webhook, --mqtt, --move and --copy. A station may have several outputs.',
    );
  const parsed = outputTarget.safeParse(targets[0]);
  if (parsed.success) return parsed.data;
  throw new PerchError(
    'INVALID_ARGUMENT',
    `${parsed.error.issues.map(({ message }) => message).join('. ')}.`,
  );
}
