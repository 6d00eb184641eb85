import { createContext } from 'svelte';
import type { ErrorReport } from '../../src-main/common/api/errors.ts';

/** A dismissible message that does not block the user. */
export interface Notice {
  number: number;
  kind: 'error' | 'info';
  title: string;
  /** The affected items, each with a reason. */
  lines: { subject: string; reason: string }[];
}

export class Notices {
  all = $state.raw<Notice[]>([]);
  #number = 0;

  /** Shows a notice, unless the same one is shown already. */
  show(kind: Notice['kind'], title: string, lines: Notice['lines'] = []): void {
    const same = (notice: Notice) =>
      notice.title === title && JSON.stringify(notice.lines) === JSON.stringify(lines);
    if (this.all.some(same)) return;
    this.all = [...this.all, { number: this.#number++, kind, title, lines }];
  }

  showError(title: string, { message }: ErrorReport): void {
    this.show('error', title, [{ subject: '', reason: message }]);
  }

  dismiss(number: number): void {
    this.all = this.all.filter((notice) => notice.number !== number);
  }
}

export const [getNotices, setNotices] = createContext<Notices>();
