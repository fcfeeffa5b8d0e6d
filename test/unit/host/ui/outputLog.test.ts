import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { LogOutputChannel } from 'vscode';
import { describeError, outwardError } from '../../../../src/core/redact/describeError';
import { RequestError } from '../../../../src/core/base/errors';
import { format, message } from '../../../../src/core/base/message';
import { OutputLog } from '../../../../src/host/ui/outputLog';

/** The error of a parser that quotes what it could not read. */
function parserError(): unknown {
  try {
    return JSON.parse('{"adminPass":"hunter2"');
  } catch (error) {
    return new Error(`${String(error)} in {"adminPass":"hunter2"`, { cause: error });
  }
}

describe('errors', () => {
  it('reach the log without the secrets they quote', () => {
    const lines: string[] = [];
    const write = (line: string): void => void lines.push(line);
    const channel = { info: write, warn: write, error: write, show: write, dispose: () => undefined };
    const log = new OutputLog(channel as unknown as LogOutputChannel);
    log.info('GET /logs?token=hunter2');
    log.warn('x-auth-token: hunter2');
    log.error('It failed with password=hunter2', parserError());
    assert.equal(lines.length, 3);
    assert.doesNotMatch(lines.join('\n'), /hunter2/);
    assert.match(lines[2] ?? '', /It failed.*\n +at /s);
  });

  it('reach people and callers without the secrets they quote, nor themselves as the cause', () => {
    const error = parserError();
    const outward = outwardError(error, format);
    assert.equal(outward.message, describeError(error, format));
    assert.match(outward.message, /adminPass/);
    assert.doesNotMatch(outward.message + String(outward.stack), /hunter2/);
    assert.equal(outward.cause, undefined);
    const known = new RequestError('server', message('It failed'));
    assert.deepEqual([outwardError(known, format).message, outwardError(known, format).cause], ['It failed', known]);
  });
});
