import { Option } from 'commander';
import { PerchError } from '../../../common/api/errors.ts';
import { readRegular } from '../../../files/read.ts';

/** Where a secret comes from. It is never an argument, because other users can list the arguments of a process. */
export interface SecretOptions {
  secretEnv?: string;
  secretFile?: string;
}

export const secretOptions = () => [
  new Option(
    '--secret-env <name>',
    "environment variable with a webhook's key or an MQTT password",
  ).conflicts('secretFile'),
  new Option('--secret-file <file>', "file with a webhook's key or an MQTT password"),
];

/** @throws PerchError `INVALID_ARGUMENT` if the variable is not set or the file is empty; `NOT_FOUND`, `NOT_READABLE` */
export async function readSecret({ secretEnv, secretFile }: SecretOptions): Promise<string | undefined> {
  if (secretEnv !== undefined) {
    const value = process.env[secretEnv];
    if (value) return value;
    throw new PerchError('INVALID_ARGUMENT', 'The environment variable of --secret-env is not set.');
  }
  if (secretFile === undefined) return undefined;
  const text = (await readRegular(secretFile)).toString('utf8').trim();
  if (text) return text;
  throw new PerchError('INVALID_ARGUMENT', `${secretFile} is empty.`);
}
