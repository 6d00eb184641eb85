import { createContext } from 'svelte';
import { watch } from '../../reactivity/watch.svelte.ts';

/** From the start of one signal to the next, in milliseconds. */
const REPEAT_MS = 2500;
/** Frequencies in Hz and their start and end in seconds. */
const TONES = [
  { hertz: 880, from: 0, to: 0.18 },
  { hertz: 660, from: 0.24, to: 0.42 },
];
const VOLUME = 0.2;

/** Repeats a signal of two tones while an alarm is not acknowledged. */
export class AlarmSound {
  /** Whether the browser plays no sound until a person uses the page. */
  blocked = $state(false);
  #context: AudioContext | undefined;

  /** Sounds while `read` returns true. Call it in a component. */
  follow(read: () => boolean): void {
    watch(read, (sounds) => {
      if (!sounds) return;
      void this.#signal();
      const timer = setInterval(() => void this.#signal(), REPEAT_MS);
      return () => {
        clearInterval(timer);
        this.blocked = false;
      };
    });
  }

  async #signal(): Promise<void> {
    const context = (this.#context ??= new AudioContext());
    // Resolves only once the page may play sound.
    void context.resume().then(() => (this.blocked = false));
    this.blocked = context.state !== 'running';
    if (this.blocked) return;
    const gain = new GainNode(context, { gain: VOLUME });
    gain.connect(context.destination);
    for (const { hertz, from, to } of TONES) {
      const tone = new OscillatorNode(context, { frequency: hertz });
      tone.connect(gain);
      tone.start(context.currentTime + from);
      tone.stop(context.currentTime + to);
    }
  }
}

export const [getAlarmSound, setAlarmSound] = createContext<AlarmSound>();
