#!/usr/bin/env node
const REQUIRED_NODE = 24;

if (Number(process.versions.node.split('.')[0]) < REQUIRED_NODE) {
  console.error(
    `perch: Perch needs Node ${REQUIRED_NODE}; this is Node ${process.versions.node}. Run \`npx perch\` in the Perch folder, which uses its own Node.`,
  );
  process.exit(1);
}
const { enableCodeCache } = await import('../../files/code-cache.js');
enableCodeCache();
await import('./main.ts');
