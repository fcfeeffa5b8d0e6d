import { createServer, deleteServer, act, createKeypair, deleteKeypair, ubuntu } from '../compute';
import { ciBot, olga } from '../people';
import { deleteImage, uploadImage } from '../storage';
import { Tape } from '../tape';

/** Weekly builds of the machine image; the one before the last is thrown away. */
export function images(): Tape {
  const tape = new Tape('images').by(ciBot);
  const { random } = tape;
  const kept: string[] = [];
  for (let week = 0; week < 9; week++) {
    const [server, image] = [random.uuid(), random.uuid()];
    const name = `packer-${random.hex(8)}`;
    createKeypair(tape.at(27.8 - week * 3.2), name);
    createServer(tape, { id: server, name, flavor: 'STD2-4-8', key: name, image: ubuntu });
    act(tape.wait(12), server, { 'os-stop': null });
    uploadImage(tape, image, `web-base-${week + 1}`, `2.${week}.0`);
    deleteServer(tape.wait(3), server);
    deleteKeypair(tape, name);
    kept.push(image);
    const old = kept.length > 2 ? kept.shift() : undefined;
    if (old) deleteImage(tape, old);
  }
  const [last] = kept;
  if (last)
    tape
      .at(1.2)
      .by(olga)
      .no(
        'glance',
        'delete-image',
        `DELETE /v2/images/${last}`,
        undefined,
        `<html>\n <head><title>409 Conflict</title></head>\n <body>Image ${last} is in use</body>\n</html>`,
      );
  return tape;
}
