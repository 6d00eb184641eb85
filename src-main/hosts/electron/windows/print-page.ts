import { BrowserWindow } from 'electron';
import { printUrl } from '../security/policy.ts';
import { documentPreferences } from './page-preferences.ts';

/** Pages that are being printed, by address. */
const pages = new Map<string, string>();

/** The response to a request for a page that is being printed. */
export function servePrintedPage(address: string): Response {
  const html = pages.get(address);
  if (html === undefined) return new Response(null, { status: 404 });
  return new Response(html, { headers: { 'content-type': 'text/html; charset=utf-8' } });
}

/** Prints a self-contained HTML page as PDF, in a hidden window that runs no scripts. Its style sets the paper. */
export async function printPdf(html: string): Promise<Uint8Array> {
  const address = `${printUrl}${crypto.randomUUID()}`;
  const window = new BrowserWindow({
    show: false,
    webPreferences: documentPreferences,
  });
  pages.set(address, html);
  try {
    await window.loadURL(address);
    return await window.webContents.printToPDF({ printBackground: true, preferCSSPageSize: true });
  } finally {
    pages.delete(address);
    window.destroy();
  }
}
