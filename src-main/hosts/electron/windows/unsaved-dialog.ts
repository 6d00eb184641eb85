import { dialog, type BrowserWindow } from 'electron';
import type { UnsavedChange } from '../../../common/api/desktop.ts';

const CHOICES = ['save', 'discard', 'cancel'] as const;

/** Number of changes that are listed by name. */
const MAX_LISTED = 5;

/** Asks about changes that could not be saved, or a page that does not respond, before its window closes. */
export async function askAboutUnsaved(
  window: BrowserWindow,
  unsaved: UnsavedChange[] | 'unreachable',
): Promise<(typeof CHOICES)[number]> {
  if (window.isMinimized()) window.restore();
  const { response } = await dialog.showMessageBox(window, {
    type: 'warning',
    ...(unsaved === 'unreachable'
      ? {
          message: 'Perch is not responding.',
          detail: 'Your latest changes may not have been saved.',
          buttons: ['Wait', 'Close Without Saving', 'Cancel'],
        }
      : { ...describe(unsaved), buttons: ['Save', 'Discard', 'Cancel'] }),
    defaultId: 0,
    cancelId: 2,
    noLink: true,
  });
  return CHOICES[response];
}

function describe(unsaved: UnsavedChange[]): { message: string; detail: string } {
  const message =
    unsaved.length === 1 ? `${unsaved[0].title} is not saved.` : `${unsaved.length} changes are not saved.`;
  const lines = unsaved
    .slice(0, MAX_LISTED)
    .map(({ title, reason }) => (unsaved.length === 1 ? reason : `${title}: ${reason}`));
  if (unsaved.length > MAX_LISTED) lines.push(`And ${unsaved.length - MAX_LISTED} more.`);
  return { message, detail: lines.join('\n') };
}
