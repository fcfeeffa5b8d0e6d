import assert from 'node:assert/strict';
import { decodePage } from '../../../../src/core/event/decode';
import { splitRecords } from '../../../../src/history/ingest/splitRecords';
import { documentedAnswer } from '../../../server/events';

function split(page: string): string[] | undefined {
  const bytes = new TextEncoder().encode(page);
  const records = decodePage(page).records.map(({ event }) => event);
  const parts = splitRecords(bytes, Buffer.from(bytes).toString('latin1'), records);
  return parts?.map((part) => new TextDecoder().decode(part));
}

const innerBorder = String.raw`{"a":"[{\"b\":1},{\"b\":2}]"}`;

describe('splitting a page', () => {
  const texts: [string, string, string[]][] = [
    ['one record', '{"logs":[{"a":"1"}]}', ['{"a":"1"}']],
    ['spaces and lines', '{ "logs" : [ {"a":"1"} ,\n {"a" : 1.0} ] , "marker" : "m" }', ['{"a":"1"}', '{"a" : 1.0}']],
    ['a marker first', '{"marker":"x","logs":[{"a":"é"},{"a":"Ж"}]}', ['{"a":"é"}', '{"a":"Ж"}']],
    ['a bare list', '[{"a":"1"},{}, { } ]', ['{"a":"1"}', '{}', '{ }']],
    ['a border within a text', `{"logs":[${innerBorder},{"a":"}"}]}`, [innerBorder, '{"a":"}"}']],
    [
      'numbers and repeated names as written',
      '{"logs":[{"n":1e400,"n":2},{"n":0.10}]}',
      ['{"n":1e400,"n":2}', '{"n":0.10}'],
    ],
    ['nothing', '{"logs":[],"marker":""}', []],
  ];
  for (const [name, page, expected] of texts) it(`keeps ${name}`, () => assert.deepEqual(split(page), expected));

  it('keeps the documented answer', () => {
    assert.equal(`{"logs":[${split(documentedAnswer)!.join()}]}`, documentedAnswer);
  });

  for (const [name, page] of [
    ['a nested list of objects', '{"logs":[{"a":[{"b":1},{"b":2}]},{"a":"1"}]}'],
    ['something that is no record', '{"logs":[{"a":"1"},7,{"a":"2"}]}'],
    ['one object instead of a list', '{"logs":{"x":{"a":"1"},"y":{"a":"2"}}}'],
    ['a text that looks like a border', '{"logs":[{"a":"},{}"},{"a":"1"}]}'],
    ['another list before', '{"old":[{"a":"1"},{"a":"2"}],"logs":[{"a":"3"},{"a":"4"}]}'],
    ['another list behind', '{"logs":[{"a":"3"},{"a":"4"}],"old":[{"a":"1"},{"a":"2"}]}'],
  ] as const) {
    it(`does not guess where there is ${name}`, () => assert.equal(split(page), undefined));
  }
});
