// Mocha's usual report. With TEST_TIMES set, the times of tests and hooks go to that file, a line of JSON each.
const { openSync, writeSync } = require('node:fs');
const { reporters } = require('mocha');

module.exports = class TimedReport extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const file = process.env.TEST_TIMES;
    if (!file) return;
    // Opened once: some tests end as another user, who may not open it.
    const times = openSync(file, 'a');
    const note = (/** @type {{ title: string, duration?: number, parent?: { fullTitle(): string } }} */ part) => {
      const title = `${part.parent?.fullTitle() ?? ''}: ${part.title}`;
      writeSync(times, `${JSON.stringify({ title, ms: part.duration ?? 0 })}\n`);
    };
    runner.on('test end', note).on('hook end', note);
  }
};
