import assert from 'node:assert/strict';
import { format, message } from '../../../../src/core/base/message';

describe('format', () => {
  const bundle = {
    'Deleted {0}': '{0?Удалён|Удалена|Удалено|Удалены} {0}',
    'delete {0}': 'удалить {0/1}',
    'Tried to {0}': 'Не удалось {0}',
    'server {0}': 'm|сервер {0}',
    'policy {0} of {1}': 'f|политика {0} для {1}|политику {0} для {1}',
    'rule {0}': 'n|правило {0}',
    'data {0}': 'p|данные {0}',
  };

  it('fills places, in a translation in another order', () => {
    assert.equal(format(message('{0} of {1}', 1, 'b')), '1 of b');
    assert.equal(format(message('{0} of {1}', 1, 'b'), { '{0} of {1}': '{1}: {0}' }), 'b: 1');
    assert.equal(format(message('{0}', message('server {0}', 'a'))), 'server a');
  });

  it('keeps places without an argument, and braces in arguments', () => {
    assert.equal(format(message('{0} {1}', '{0}')), '{0} {1}');
    assert.equal(format(message('Deleted {0}', 'f|a|b'), bundle), 'Удалён f|a|b');
  });

  it('takes the space before an empty argument along', () => {
    assert.equal(format(message('rule {0} of {1}', '', 'p')), 'rule of p');
  });

  it('agrees in gender and case', () => {
    const policy = message('policy {0} of {1}', 'a', 'b');
    assert.equal(format(message('Deleted {0}', message('server {0}', 'a')), bundle), 'Удалён сервер a');
    assert.equal(format(message('Deleted {0}', policy), bundle), 'Удалена политика a для b');
    assert.equal(format(message('Deleted {0}', message('rule {0}', 'a')), bundle), 'Удалено правило a');
    assert.equal(format(message('Deleted {0}', message('data {0}', 'a')), bundle), 'Удалены данные a');
    const tried = (thing: ReturnType<typeof message>): string =>
      format(message('Tried to {0}', message('delete {0}', thing)), bundle);
    assert.equal(tried(policy), 'Не удалось удалить политику a для b');
    assert.equal(tried(message('server {0}', 'a')), 'Не удалось удалить сервер a');
    assert.equal(format(policy, bundle), 'политика a для b');
  });
});
