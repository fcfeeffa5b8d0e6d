import type { JsonNode } from '../../src/core/json/jsonTree';

/** A stretch of a text. */
interface Piece {
  from: number;
  to: number;
}

/**
 * Brings elements of lists into another order: the pieces of the text that make up the new one. The places of all nodes
 * become those in the new text; of what is inside, those that were read.
 */
export function reorderItems(root: JsonNode, orders: ReadonlyMap<JsonNode, readonly number[]>): readonly Piece[] {
  const pieces: Piece[] = [];
  let length = root.from;
  const copy = (from: number, to: number): void => {
    const last = pieces.at(-1);
    if (last?.to === from) last.to = to;
    else if (from < to) pieces.push({ from, to });
    length += to - from;
  };
  const place = (node: JsonNode): void => {
    const start = length;
    const children = node.known;
    const order = orders.get(node);
    const slots = children.map(({ from, to }) => ({ from, to }));
    let at = node.from;
    slots.forEach((slot, index) => {
      copy(at, slot.from);
      place(children[order?.[index] ?? index] as JsonNode);
      at = slot.to;
    });
    copy(at, node.to);
    node.from = start;
    node.to = length;
  };
  place(root);
  return pieces;
}
