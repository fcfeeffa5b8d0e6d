import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Frame } from 'playwright-core';
import { visibleText } from '../../src/core/base/visibleText';
import { describeNewest } from './environment';
import { waitUntil } from './waitUntil';
import { toolkitReport, useWorkbench } from './workbench';
import { yardstick } from './yardstick';

const texts = {
  markup: `<img src="https://evil.test/x.png" onerror="window.pwned=1"><script>window.pwned=1</script><style>*{display:none}</style>"'\`&lt;`,
  terminal: '\u001b[31mred\u001b]8;;https://evil.test\u0007link\u001b[0m\r\nnext',
  direction: 'safe\u202Egnp.exe\u2066\u200B\u00AD\u2028end',
  broken: 'half \ud800 pair, NUL \u0000 inside',
  long: 'w'.repeat(1_000_000),
};
const fields = ['action', 'source', 'user_id', 'user_email', 'user_agent', 'method', 'uri', 'request_id', 'success'];
const inBody = (text: string): object => ({
  server: {
    id: 'aaaaaaaa-0000-4000-8000-000000000001',
    name: text,
    [text]: text,
    inner: JSON.stringify({ [text]: text }),
  },
});
const timestamp = '2026-11-01T10:00:00Z';

/** Each text in every field, but for the one that tells when: there it would be in no list of a day. */
const records: (Readonly<Record<string, string>> & { readonly event_id: string })[] = Object.values(texts).map(
  (text) => ({
    ...Object.fromEntries(fields.map((field) => [field, field === 'uri' ? `/v2.1/servers/${text}` : text])),
    event_id: text,
    timestamp,
    request_body: JSON.stringify(inBody(text)),
    response_body: text,
  }),
);
const bodies: Record<string, string> = {
  'long line': `{"line":"${'x'.repeat(1_000_000)}"}`,
  'long text': 'y'.repeat(1_000_000),
  deep: `${'['.repeat(10_000)}1${']'.repeat(10_000)}`,
  'deep objects': `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`,
  failure: JSON.stringify({ badRequest: { message: texts.markup + texts.direction } }),
};
for (const [name, body] of Object.entries(bodies)) {
  records.push({
    event_id: name,
    timestamp,
    source: 'nova',
    action: 'update-vm',
    success: 'no',
    method: 'PUT',
    uri: '/v2.1/servers/aaaaaaaa-0000-4000-8000-000000000001',
    request_body: body,
    response_body: body,
  });
}

describeNewest('hostile events', () => {
  const app = useWorkbench({});
  let folder = '';
  let frame: Frame;
  const outside: string[] = [];

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'hostile-'));
    const file = path.join(folder, 'hostile.ndjson');
    await writeFile(file, records.map((record) => JSON.stringify(record)).join('\n'));
    await app.command('activityLog.openLogFile', { path: file });
    app.page.on('request', (request) => {
      if (request.url().includes('evil.test')) outside.push(request.url());
    });
    app.page.on('dialog', (dialog) => outside.push(dialog.message()));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const names = [...Object.keys(texts), ...Object.keys(bodies)];
  for (const [index, { event_id }] of records.entries()) {
    const name = names[index] ?? '';
    it(`are shown as text: ${name}`, async function () {
      await app.command('activityLog.openEvent', { eventId: event_id });
      frame = await app.webview();
      await waitUntil(
        'the event',
        async () => (await frame.getByTestId('event-id').textContent()) === visibleText(event_id, 400),
      );
      for (const tab of ['request', 'response', 'raw', 'changes']) {
        await frame.getByTestId(`tab-${tab}`).click();
        await waitUntil(tab, async () => (await frame.locator('[aria-busy="true"]:visible').count()) === 0);
        for (const button of await frame.getByTestId('open-string').all())
          if (await button.isVisible()) await button.click();
      }
      const held = await frame.evaluate<number>(
        'new Promise((resolve) => { const start = performance.now(); setTimeout(() => resolve(performance.now() - start)) })',
      );
      const unit = await frame.evaluate(yardstick);
      assert.ok(held < 10 * unit, `the page hung for ${held} ms, ${unit} ms`);
      const state = await frame.evaluate<{ pwned: unknown; made: number; hidden: string[] }>(`({
        pwned: window.pwned,
        made: document.querySelectorAll('main img:not(.cm-widgetBuffer), main script, main style, main iframe, main object, main a').length,
        hidden: [...document.body.innerText.matchAll(/[\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u202a-\\u202e\\u2066-\\u2069]|\\p{Cs}/gu)].map(([found]) => JSON.stringify(found)),
      })`);
      assert.deepEqual(state, { pwned: undefined, made: 0, hidden: [] });
    });
  }

  it('load nothing, open nothing, and break no policy', () => {
    assert.deepEqual(outside, []);
    assert.deepEqual(
      app.policyReports.filter((report) => !toolkitReport.test(report)),
      [],
    );
  });

  it('are in a page whose policy lets nothing in from outside', async () => {
    const refused = await frame.evaluate<string[]>(`new Promise((resolve) => {
      const refused = new Set();
      const end = () => resolve([...refused].sort());
      document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => {
        if (refused.add(effectiveDirective).size === 6) end();
      });
      setTimeout(end, 5_000);
      const add = (tag, attributes) => document.body.append(Object.assign(document.createElement(tag), attributes));
      add('img', { src: 'https://evil.test/x.png' });
      add('script', { src: 'https://evil.test/x.js' });
      add('script', { textContent: 'window.pwned = 1' });
      add('link', { rel: 'stylesheet', href: 'https://evil.test/x.css' });
      add('iframe', { src: 'https://evil.test/' });
      add('video', { src: 'https://evil.test/x.mp4' });
      fetch('https://evil.test/').catch(() => undefined);
    })`);
    const expected = ['connect-src', 'frame-src', 'img-src', 'media-src', 'script-src-elem', 'style-src-elem'];
    assert.deepEqual(refused, expected);
    assert.equal(await frame.evaluate('window.pwned'), undefined);
  });
});
