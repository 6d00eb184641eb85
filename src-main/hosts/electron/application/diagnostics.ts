import type { Services } from '../../../services/types.ts';
import { formatDiagnostic } from '../../format-diagnostic.ts';
import { version } from '../../../platform/version.ts';

/** Text for a bug report: versions and the findings of `perch doctor`. */
export async function diagnosticReport(
  services: Services,
  logFile: string,
  signal: AbortSignal,
): Promise<string> {
  const { electron, chrome, node } = process.versions;
  const lines = [
    `Perch ${version}, Electron ${electron}, Chromium ${chrome}, Node ${node}, ${process.platform} ${process.arch}`,
    `Log: ${logFile}`,
  ];
  for await (const diagnostic of await services.storage.diagnose(undefined, signal))
    lines.push(formatDiagnostic(diagnostic));
  return lines.join('\n');
}
