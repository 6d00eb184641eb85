#!/usr/bin/env node
const NEEDED = 24;

if (Number(process.versions.node.split('.')[0]) < NEEDED) {
  console.error(
    `perch: this is Node ${process.versions.node}, and Perch needs ${NEEDED}, which it brings: run \`npx perch\` in its folder.`,
  );
  process.exit(1);
}
const { enableCodeCache } = await import('../../files/code-cache.js');
enableCodeCache();
await import('./main.ts');
