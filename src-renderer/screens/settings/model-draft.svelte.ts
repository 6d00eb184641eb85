import type {
  ArchitectureChoice,
  Combination,
  Model,
  ModelFile,
} from '../../../src-main/common/api/models.ts';

/** What an ONNX graph computes. */
export type GraphKind = Exclude<ModelFile['kind'], 'checkpoint'>;

/** Patterns of the fields with several numbers. */
export const TRIPLE = '\\s*-?\\d*\\.?\\d+(\\s*,\\s*-?\\d*\\.?\\d+){2}\\s*';
export const SIZE = '\\s*[1-9]\\d{0,4}(\\s*[x×]\\s*[1-9]\\d{0,4})?\\s*';
export const COUNT = '\\s*\\d{1,4}\\s*';

/** The fields of the dialog that imports a model file. Texts are as typed; empty ones are left to the host. */
export class ModelDraft {
  name = $state('');
  from = $state('');
  network = $state('');
  layers = $state('');
  combine = $state<'' | Combination>('');
  graphKind = $state<GraphKind>('features');
  layer = $state('');
  mean = $state('');
  std = $state('');
  range = $state<'' | '1' | '255'>('');
  channelsLast = $state(false);
  leading = $state('');
  grid = $state('');
  size = $state('');
  mapOutput = $state('');
  scoreOutput = $state('');
  license = $state('');
  readonly #known: () => readonly Model[];
  readonly #architectures: () => readonly ArchitectureChoice[];

  constructor(known: () => readonly Model[], architectures: () => readonly ArchitectureChoice[]) {
    this.#known = known;
    this.#architectures = architectures;
  }

  /** What the file is, by its name; undefined while none is given. */
  get kind(): ModelFile['kind'] | undefined {
    const from = this.from.trim().toLowerCase();
    if (from === '') return undefined;
    return from.endsWith('.onnx') ? this.graphKind : 'checkpoint';
  }

  /** The published backbone of that name, whose architecture need not be chosen. */
  get published(): Model | undefined {
    return this.#known().find(({ name, architecture }) => name === this.name.trim() && architecture);
  }

  get architecture(): ArchitectureChoice | undefined {
    const wanted = this.published?.architecture ?? this.network;
    return this.#architectures().find(({ name }) => name === wanted);
  }

  /** How several layers can be combined; empty unless several are given and there is a choice. */
  get combinations(): readonly Combination[] {
    return list(this.layers).length > 1 ? (this.architecture?.layers?.combinations ?? []) : [];
  }

  /** The file and the fields that its kind has; undefined while none is given. */
  get file(): ModelFile | undefined {
    const file = { name: this.name.trim(), from: this.from.trim() };
    switch (this.kind) {
      case undefined:
        return undefined;
      case 'checkpoint':
        return { ...file, kind: 'checkpoint', ...this.#selection() };
      case 'features':
        return { ...file, kind: 'features', ...this.#input(), ...this.#layer() };
      case 'tokens': {
        const leading = this.leading.trim() === '' ? {} : { leading: Number(this.leading) };
        const grid = sizeOf(this.grid);
        const size = sizeOf(this.size);
        const tokens = { ...leading, ...(grid && { grid }), ...(size && { size }) };
        return { ...file, kind: 'tokens', ...this.#input(), ...this.#layer(), ...tokens };
      }
      case 'map': {
        const size = sizeOf(this.size);
        const texts = given({
          mapOutput: this.mapOutput,
          scoreOutput: this.scoreOutput,
          license: this.license,
        });
        return { ...file, kind: 'map', ...this.#input(), ...texts, ...(size && { size }) };
      }
    }
  }

  #selection() {
    const layers = this.architecture?.layers ? list(this.layers) : [];
    const { combine } = this;
    return {
      ...(!this.published && this.network !== '' && { network: this.network }),
      ...(layers.length > 0 && { layers }),
      ...(combine !== '' && this.combinations.includes(combine) && { combine }),
    };
  }

  #layer = () => given({ layer: this.layer });

  #input() {
    const { range, channelsLast } = this;
    return {
      ...(this.mean.trim() !== '' && { mean: triple(this.mean) }),
      ...(this.std.trim() !== '' && { std: triple(this.std) }),
      ...(range !== '' && { range: range === '1' ? (1 as const) : (255 as const) }),
      ...(channelsLast && { channelsLast }),
    };
  }
}

/** The texts that are not empty, trimmed. */
function given<Key extends string>(texts: Record<Key, string>): Partial<Record<Key, string>> {
  const entries = Object.entries<string>(texts).map(([key, text]) => [key, text.trim()]);
  return Object.fromEntries(entries.filter(([, text]) => text !== '')) as Partial<Record<Key, string>>;
}

function list(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function triple(text: string): [number, number, number] {
  const [red, green, blue] = text.split(',').map(Number);
  return [red, green, blue];
}

/** "518" or "480 x 640"; undefined if the text is empty. */
function sizeOf(text: string): { height: number; width: number } | undefined {
  if (text.trim() === '') return undefined;
  const [height, width = height] = text.split(/[x×]/).map(Number);
  return { height, width };
}
