import { createContext } from 'svelte';
import type { ErrorReport } from '../../src-main/common/api/errors.ts';

/** Something a person should know and can dismiss; never in the way of work. */
export interface Notice {
  number: number;
  kind: 'problem' | 'skipped';
  title: string;
  /** What was affected, each with its reason. */
  lines: { subject: string; reason: string }[];
}

export class Notices {
  all = $state.raw<Notice[]>([]);
  #number = 0;

  /** Shows a notice, unless the same is standing already. */
  show(kind: Notice['kind'], title: string, lines: Notice['lines'] = []): void {
    const same = (notice: Notice) =>
      notice.title === title && JSON.stringify(notice.lines) === JSON.stringify(lines);
    if (this.all.some(same)) return;
    this.all = [...this.all, { number: this.#number++, kind, title, lines }];
  }

  showError(title: string, { message }: ErrorReport): void {
    this.show('problem', title, [{ subject: '', reason: message }]);
  }

  dismiss(number: number): void {
    this.all = this.all.filter((notice) => notice.number !== number);
  }
}

export const [getNotices, setNotices] = createContext<Notices>();
