import fc from 'fast-check';

/** Numbers as they are written, strings with every kind of character, JSON in strings. */
const scalar: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom('1', '1.0', '1e0', '-0', '0', '12345678901234567890', '12345678901234567891', '1e400'),
  fc.constantFrom(
    'true',
    'false',
    'null',
    '""',
    '"•"',
    '"\\u0041"',
    '"A"',
    '"\\ud800"',
    '"ключ"',
    '"{"',
    '"\t"'.replace('\t', '\\t'),
  ),
  fc.string({ unit: 'grapheme', maxLength: 6 }).map((text) => JSON.stringify(text)),
);
const key = fc
  .constantFrom('id', 'name', 'a', 'b', 'a #2', 'x.y', '', 'ключ', '\ud83d\ude00')
  .map((name) => JSON.stringify(name));

/** JSON texts: repeated keys, lists with and without ids, deep and shallow, alike enough to share much. */
export const madeJson: fc.Arbitrary<string> = fc.letrec<{
  value: string;
  object: string;
  list: string;
  things: string;
}>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    scalar,
    tie('object'),
    tie('list'),
    tie('things'),
    tie('value').map((inner) => JSON.stringify(inner)),
  ),
  object: fc
    .array(fc.tuple(key, tie('value')), { maxLength: 5 })
    .map((fields) => `{${fields.map(([name, value]) => `${name}:${value}`).join(',')}}`),
  list: fc.array(tie('value'), { maxLength: 5 }).map((items) => `[${items.join(',')}]`),
  things: fc
    .uniqueArray(fc.tuple(fc.constantFrom('1', '2', '3', '4', '"1"', '"x"'), tie('value')), {
      maxLength: 6,
      selector: ([id]) => id,
    })
    .map((items) => `[${items.map(([id, value]) => `{"id":${id},"v":${value}}`).join(',')}]`),
})).value;
