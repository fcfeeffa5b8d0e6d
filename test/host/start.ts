import { runTests } from '@vscode/test-electron';

// A process of its own: `runTests` writes all that VS Code says to the output of the process it runs in.
runTests(JSON.parse(process.argv[2] ?? '') as Parameters<typeof runTests>[0]).catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
