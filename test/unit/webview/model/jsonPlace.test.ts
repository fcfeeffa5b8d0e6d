import assert from 'node:assert/strict';
import { placeAt } from '../../../../webview/model/jsonPlace';

const text = `{
  "server": {
    "name": "web \\"3\\"",
    "os:size": 4,
    "networks": [{ "uuid": "n1" }, { "uuid": "n2" }],
    "empty": {}
  },
  "ok": true
}`;

describe('placeAt', () => {
  for (const [mark, path, value] of [
    ['"web', 'server.name', '"web \\"3\\""'],
    ['name"', 'server.name', '"web \\"3\\""'],
    ['os:size', 'server["os:size"]', '4'],
    ['4', 'server["os:size"]', '4'],
    ['n2', 'server.networks[1].uuid', '"n2"'],
    ['networks', 'server.networks', '[{ "uuid": "n1" }, { "uuid": "n2" }]'],
    ['[{', 'server.networks', '[{ "uuid": "n1" }, { "uuid": "n2" }]'],
    ['empty', 'server.empty', '{}'],
    ['true', 'ok', 'true'],
    ['{\n  "server', '', text],
  ] as const) {
    it(`finds ${path || 'the whole'} at ${mark.replace('\n', ' ')}`, () => {
      const place = placeAt(text, text.indexOf(mark) + 1);
      assert.deepEqual([place?.path, place && text.slice(place.from, place.to)], [path, value]);
    });
  }

  it('finds what is around where nothing is written', () => {
    const place = placeAt(text, text.indexOf('{ "uuid": "n2"') - 1);
    assert.equal(place?.path, 'server.networks');
  });

  it('passes over control characters, and stops at a blank that is none of JSON', () => {
    assert.deepEqual(placeAt('{"a":\u0001\u00002}', 4), { path: 'a', from: 7, to: 8 });
    assert.equal(placeAt('{"a":\u00a02}', 6), undefined);
  });

  it('finds nothing in what is no JSON, and does not hang on what is deep', () => {
    assert.equal(placeAt('not closed: {', 3)?.path, '');
    assert.equal(placeAt('', 0), undefined);
    const deep = '['.repeat(10_000);
    assert.equal(placeAt(`${deep}1${']'.repeat(10_000)}`, 10_001)?.path.length, 30_000);
    assert.equal(placeAt(deep, 5_000), undefined);
  });
});
