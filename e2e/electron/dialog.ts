import { record } from './record.ts';
import { strict } from './strict.ts';

/** The options, which may follow a window. */
const optionsOf = (args: unknown[]) => args.at(-1);

interface MessageBox {
  response: number;
  checkboxChecked?: boolean;
}

const messageBox = (answer: unknown): MessageBox => ({ checkboxChecked: false, ...(answer as MessageBox) });

/** `dialog`. Calls are recorded; tests choose the answers (record.ts). */
export const dialog = strict('dialog', {
  showMessageBox: async (...args: unknown[]) =>
    messageBox(await record.ask('dialog.showMessageBox', optionsOf(args))),
  showMessageBoxSync: (...args: unknown[]) =>
    messageBox(record.askNow('dialog.showMessageBoxSync', optionsOf(args))).response,
  showOpenDialog: async (...args: unknown[]) => await record.ask('dialog.showOpenDialog', optionsOf(args)),
  showSaveDialog: async (...args: unknown[]) => await record.ask('dialog.showSaveDialog', optionsOf(args)),
  /** Prints to stderr instead of a blocking box. */
  showErrorBox(title: string, content: string): void {
    record.note('dialog.showErrorBox', title, content);
    console.error(`[error box] ${title}: ${content}`);
  },
});
