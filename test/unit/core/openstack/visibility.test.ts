import assert from 'node:assert/strict';
import { explainStatus } from '../../../../src/api/explainStatus';
import { format } from '../../../../src/core/base/message';
import { readRequester, requesterKey, sawAsMuch } from '../../../../src/core/openstack/requester';
import { visibilityOf, visibilityText, type Visibility } from '../../../../src/core/openstack/visibility';

const roles = (...names: readonly string[]) => ({ userId: 'u1', roles: names });
const keyOf = (userId: string, ...names: readonly string[]) => requesterKey({ userId, roles: names });

describe('what a user may see', () => {
  const table: readonly (readonly [readonly string[], Visibility])[] = [
    [['mcs_owner'], 'all'],
    [['mcs_co_owner'], 'all'],
    [['mcs_admin'], 'all'],
    [['mcs_viewer'], 'all'],
    [['viewer'], 'all'],
    [['Project administrator'], 'all'],
    [['project_admin'], 'all'],
    [['mcs_admin_vm_junior'], 'all'],
    [['mcs_admin_network'], 'partial'],
    [['network_admin'], 'partial'],
    [['mcs_k8s_viewer'], 'partial'],
    [['mcs_operator_vm'], 'partial'],
    [['mcs_admin_network', 'mcs_viewer'], 'all'],
    [['mcs_admin_network', 'mcs_k8s_admin'], 'partial'],
    [['mcs_admin_network', 'something new'], 'unknown'],
    [['member'], 'unknown'],
    [['auditor'], 'unknown'],
    [[], 'unknown'],
  ];
  for (const [names, visibility] of table) {
    it(`${names.join(' and ') || 'no role'}: ${visibility}`, () => {
      assert.equal(visibilityOf(roles(...names)), visibility);
      assert.ok(format(visibilityText(roles(...names))).includes(names.join(', ')));
    });
  }

  it('is unknown where it is not known who asks', () => {
    assert.equal(visibilityOf(undefined), 'unknown');
    assert.match(format(visibilityText(undefined)), /not known whose the token is/);
  });

  it('names the roles that open the log where it does not open, all of them and no other', () => {
    const answer = { status: 403, headers: {}, body: new Uint8Array() } as Parameters<typeof explainStatus>[0];
    const text = format(explainStatus(answer, 'host', 'log', []).text);
    const named = /It opens for (.*?)\./.exec(text)?.[1]?.split(/, | and /) ?? [];
    assert.equal(named.length, 6);
    for (const name of named) assert.equal(visibilityOf(roles(name)), 'all', name);
    assert.doesNotMatch(text, /auditor/);
  });
});

describe('the owner of a token', () => {
  it('is read from what Keystone says, whatever that is, with nothing in it that could be markup', () => {
    assert.deepEqual(
      readRequester({ id: 'u1', name: 'ann' }, [{ name: 'b' }, { id: 'x' }, { name: 'a' }, { name: 'a' }]),
      {
        userId: 'u1',
        roles: ['a', 'b'],
      },
    );
    assert.deepEqual(readRequester({ id: 'u1' }, undefined), { userId: 'u1', roles: [] });
    for (const user of [undefined, null, 'u1', {}, { id: 7 }, { id: '' }])
      assert.equal(readRequester(user, []), undefined);
    const hostile = readRequester({ id: 'u1' }, [
      { name: '[x](command:run) https://a.b' },
      { name: 'r'.repeat(1_000) },
    ]);
    assert.deepEqual(hostile?.roles, ['_x__command_run_ https___a.b', 'r'.repeat(128)]);
  });

  it('has seen as much as another one where he is the same and had no role less', () => {
    const [member, admin, both] = [keyOf('u1', 'member'), keyOf('u1', 'admin'), keyOf('u1', 'admin', 'member')];
    const pairs: readonly (readonly [loader: string, asker: string, as: boolean])[] = [
      [member, member, true],
      [both, member, true],
      [member, both, false],
      [admin, member, false],
      [keyOf('u2', 'member'), member, false],
      [keyOf('u2', 'admin'), member, false],
      ['', member, false],
      ['{damaged', member, false],
      [member, '', true],
      ['', '', true],
    ];
    for (const [loader, asker, as] of pairs) assert.equal(sawAsMuch(loader, asker), as, `${loader} for ${asker}`);
  });
});
