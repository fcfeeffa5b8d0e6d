import { act, createKeypair, createServer, deleteKeypair, deleteServer, failServer } from '../compute';
import { createFloating, createPort, deleteFloating, moveFloating, remove } from '../network';
import { ciBot } from '../people';
import { Tape } from '../tape';

/** Builds that make a machine, use it and take it down: five days of seven, two or three a day. */
export function continuousIntegration(): Tape {
  const tape = new Tape('continuous integration').by(ciBot);
  const { random } = tape;
  let build = 4100;
  for (let day = 29; day >= 1; day--) {
    if (day % 7 === 2 || day % 7 === 3) continue;
    for (const hour of random.chance(0.5) ? [3, 7] : [1, 4, 8]) {
      build += random.int(1, 4);
      const name = `ci-${build}`;
      const [server, port, floating] = [random.uuid(), random.uuid(), random.uuid()];
      const spec = { name, flavor: random.pick(['STD2-2-4', 'STD2-4-8']), port, key: name };
      createKeypair(tape.at(day - hour / 24), name);
      createPort(tape, port, name, `10.0.1.${random.int(200, 250)}`);
      if (random.chance(0.15)) {
        failServer(
          tape,
          spec,
          'forbidden',
          403,
          `Quota exceeded for instances, cores: requested 1, 2, but already used 20, 39 of 20, 40 instances, cores`,
        );
        tape.wait(random.int(3, 9));
      }
      createServer(tape, { ...spec, id: server });
      createFloating(tape.wait(1), floating, `203.0.113.${random.int(100, 250)}`);
      moveFloating(tape, floating, port);
      if (random.chance(0.4)) act(tape.wait(4), server, { reboot: { type: 'HARD' } });
      deleteFloating(tape.wait(random.int(6, 25)), floating);
      deleteServer(tape, server);
      if (random.chance(0.08))
        tape.no('nova', 'delete-vm', `DELETE /v2.1/servers/${server}`, undefined, {
          itemNotFound: { code: 404, message: `Instance ${server} could not be found.` },
        });
      remove(tape, 'delete-port', 'ports', port);
      deleteKeypair(tape, name);
    }
  }
  return tape;
}
