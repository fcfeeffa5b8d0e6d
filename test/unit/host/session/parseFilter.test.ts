import assert from 'node:assert/strict';
import { format } from '../../../../src/core/base/message';
import { restoreFilter } from '../../../../src/host/session/parseFilter';
import { record, store, Workshop } from '../../history/fixture';

describe('A remembered filter', () => {
  const workshop = new Workshop();
  afterEach(() => workshop.cleanUp());

  async function restore(query: string): Promise<readonly [used: string, isSearch: boolean, ...said: string[]]> {
    const history = await workshop.local(':memory:');
    await store(history, [record(1, { region: 'MS1' })]);
    const said: string[] = [];
    const { query: used, search } = await restoreFilter(query, history, (notice) => said.push(format(notice)));
    return [used, search !== undefined, ...said];
  }

  it('is used where it can be read, with the fields that were received', async () => {
    assert.deepEqual(await restore('success = no'), ['success = no', true]);
    assert.deepEqual(await restore('region = MS1'), ['region = MS1', true]);
    assert.deepEqual(await restore(''), ['', false]);
  });

  it('is told with its text and the reason where it cannot', async () => {
    const [used, isSearch, ...said] = await restore('zone = "east" AND (');
    assert.deepEqual([used, isSearch, said.length], ['', false, 1]);
    assert.match(said[0]!, /^The filter of this connection is not used, .+: .+\. It was: zone = "east" AND \($/);
  });
});
