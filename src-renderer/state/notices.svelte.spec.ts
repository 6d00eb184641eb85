import { expect, it } from 'vitest';
import { Notices } from './notices.svelte.ts';

it('shows a notice once while it is visible, and again after it was dismissed', () => {
  const notices = new Notices();
  const full = { code: 'INTERNAL', message: 'The disk is full.' } as const;
  notices.showError('Could not save', full);
  notices.showError('Could not save', full);
  notices.showError('Could not save', { ...full, message: 'No permission.' });
  expect(notices.all.map(({ lines }) => lines[0].reason)).toEqual(['The disk is full.', 'No permission.']);
  notices.dismiss(notices.all[0].number);
  expect(notices.all).toHaveLength(1);
  notices.showError('Could not save', full);
  expect(notices.all).toHaveLength(2);
});
