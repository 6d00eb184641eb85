import type { Output, OutputTarget, OutputType } from '../../../src-main/common/api/outputs.ts';

export const DEFAULT_TOPIC = 'perch/{station}/{decision}';
/** A webhook's key needs this many characters. */
const MIN_KEY = 16;

type Folders = Extract<OutputTarget, { type: 'copy' }>['folders'];
export type FolderName = keyof Folders;

/** The fields of the form that adds or changes an output. */
export class OutputDraft {
  type = $state<OutputType>('webhook');
  url = $state('');
  topic = $state(DEFAULT_TOPIC);
  username = $state('');
  /** Typed once. Empty keeps the stored one. */
  secret = $state('');
  plaintext = $state(false);
  certificateFile = $state('');
  /** Of the file output; empty for next to each image. */
  folder = $state('');
  folders = $state<Record<FolderName, string>>({ pass: '', review: '', reject: '', none: '' });
  /** Whether the output has a secret already. */
  readonly hasSecret: boolean;

  /** @param output the output to change; undefined for a new one */
  constructor(output: Output | undefined) {
    this.hasSecret = output?.hasSecret ?? false;
    if (!output) return;
    const { target } = output;
    this.type = target.type;
    if (target.type === 'file') this.folder = target.folder ?? '';
    else if (target.type === 'webhook' || target.type === 'mqtt') {
      this.url = target.url;
      this.plaintext = target.plaintext;
      this.certificateFile = target.certificateFile ?? '';
      if (target.type === 'mqtt') [this.topic, this.username] = [target.topic, target.username];
    } else {
      for (const name of Object.keys(this.folders) as FolderName[])
        this.folders[name] = target.folders[name] ?? '';
    }
  }

  /** What is missing, as a sentence; empty if nothing is. */
  get problem(): string {
    const { type, url, secret, folders } = this;
    if ((type === 'webhook' || type === 'mqtt') && url.trim() === '') return 'Enter the address.';
    if (type === 'webhook' && secret === '' && !this.hasSecret) return 'Enter the key that signs messages.';
    if (type === 'webhook' && secret !== '' && secret.length < MIN_KEY)
      return `The key needs at least ${MIN_KEY} characters.`;
    if (type === 'mqtt' && this.topic.trim() === '') return 'Enter the topic.';
    if (
      (type === 'copy' || type === 'move') &&
      Object.values(folders).every((folder) => folder.trim() === '')
    )
      return 'Enter at least one folder.';
    return '';
  }

  get target(): OutputTarget {
    const { type } = this;
    const connection = {
      url: this.url.trim(),
      plaintext: this.plaintext,
      certificateFile: orNull(this.certificateFile),
    };
    switch (type) {
      case 'file':
        return { type, folder: orNull(this.folder) };
      case 'webhook':
        return { type, ...connection };
      case 'mqtt':
        return { type, ...connection, topic: this.topic.trim(), username: this.username.trim() };
      case 'copy':
      case 'move': {
        const { pass, review, reject, none } = this.folders;
        const folders = {
          pass: orNull(pass),
          review: orNull(review),
          reject: orNull(reject),
          none: orNull(none),
        };
        return { type, folders };
      }
    }
  }
}

const orNull = (text: string): string | null => (text.trim() === '' ? null : text.trim());
