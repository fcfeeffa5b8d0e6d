import assert from 'node:assert/strict';
import { comparedPart, hasContent } from '../../../../src/core/event/comparedPart';

describe('The part that events are compared by', () => {
  const nothing = [null, '', '  ', '{}', ' [ ] ', '[{}]', ' <BINARY_DATA>\n', '\ufeff'];
  const something = ['{"a":1}', '[0]', 'text', '""', '{"a', '<BINARY_DATA> and more', 0, { a: 1 }];

  it('is what was sent where one of them sent something, else what came back', () => {
    for (const none of nothing) {
      const event = { request_body: none, response_body: none };
      assert.equal(comparedPart([event, {}]), undefined, JSON.stringify(none));
      for (const some of something) {
        assert.equal(comparedPart([event, { ...event, response_body: some }]), 'response', JSON.stringify(some));
        assert.equal(comparedPart([{ ...event, request_body: some }, event]), 'request', JSON.stringify(some));
      }
    }
  });

  it('has something in it in every record as a whole', () => assert.ok(hasContent({}, 'event')));
});
