import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { manyOrders, type Gate } from './manyOrders';
import { Computer, connection, GatedWindow, password } from './gatedWindows';

const free: Gate = () => Promise.resolve();

/** Signed in, with a token that is not the first one and an earlier one that still lives. */
async function signedIn(gate: Gate, ...names: string[]): Promise<{ computer: Computer; windows: GatedWindow[] }> {
  let now = free;
  const computer = new Computer((name) => now(name));
  const first = new GatedWindow('A', computer, names.length === 1);
  await first.tokens.setSecret(connection, password, computer.issue());
  assert.equal(await first.renew(), true);
  const others = names.slice(1).map((name) => new GatedWindow(name, computer));
  for (const { tokens } of others) await tokens.load(connection);
  assert.equal(computer.living.size, 2);
  now = gate;
  return { computer, windows: [first, ...others] };
}

/** No token lives, and no window nor the storage holds a secret. */
function assertSignedOut({ computer, windows }: { computer: Computer; windows: GatedWindow[] }): void {
  const held = windows.map(({ tokens }) => [tokens.current(connection), tokens.secret(connection)]);
  assert.deepEqual([...computer.living], []);
  assert.deepEqual(
    held,
    held.map(() => [undefined, undefined]),
  );
  assert.ok(![...computer.kept.values()].some((text) => text.includes(password)), 'the storage holds the password');
}

describe('signing out', () => {
  it('leaves no living token in whatever order it and a renewal go on, and has ended them when it is done', async () => {
    const orders = await manyOrders(async (gate) => {
      const { computer, windows } = await signedIn(gate, 'A');
      const [window] = windows as [GatedWindow];
      const renewing = window.renew();
      await window.signOut();
      assert.deepEqual([...computer.living], [], 'when it is done');
      await renewing;
      return () => assertSignedOut({ computer, windows });
    });
    assert.ok(orders > 1_000, `${orders} orders`);
  });

  it('leaves none where another window renews meanwhile, and neither hears of the other at once', async () => {
    const orders = await manyOrders(async (gate) => {
      const { computer, windows } = await signedIn(gate, 'A', 'B');
      const [here, there] = windows as [GatedWindow, GatedWindow];
      await Promise.all([there.renew(), here.signOut()]);
      return () => assertSignedOut({ computer, windows });
    });
    assert.ok(orders > 1_000, `${orders} orders`);
  });

  it('keeps no password that is refused in another window meanwhile', async () => {
    await manyOrders(async (gate) => {
      const { computer, windows } = await signedIn(gate, 'A', 'B');
      const [here, there] = windows as [GatedWindow, GatedWindow];
      computer.password = 'changed';
      await Promise.all([there.renew(), here.signOut()]);
      return () => assertSignedOut({ computer, windows });
    });
  });

  it('leaves all or nothing of a sign-in that is kept at the same time', async () => {
    await manyOrders(async (gate) => {
      const { computer, windows } = await signedIn(gate, 'A');
      const [{ tokens }] = windows as [GatedWindow];
      const signingIn = gate('A signs in').then(() => tokens.setSecret(connection, password, computer.issue()));
      await Promise.all([signingIn, windows[0]!.signOut()]);
      return () => {
        if (tokens.secret(connection) === undefined) assertSignedOut({ computer, windows });
        else assert.deepEqual([...computer.living], [tokens.current(connection)]);
      };
    });
  });

  it('ends the tokens of a connection that another took the place of, though no window had read them', async () => {
    const { computer } = await signedIn(free, 'A');
    const next = new GatedWindow('B', computer);
    await next.tokens.delete(connection.id);
    assert.deepEqual([[...computer.living], computer.kept.size], [[], 0]);
  });
});
