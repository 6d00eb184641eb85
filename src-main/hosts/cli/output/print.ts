/** Writes a line to standard output. */
export function printLine(text = ''): void {
  process.stdout.write(`${text}\n`);
}

/** Writes a message of Perch to standard error. */
export function printError(message: string): void {
  process.stderr.write(`perch: ${message}\n`);
}
