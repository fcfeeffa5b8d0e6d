import assert from 'node:assert/strict';
import type { TextDocument } from 'vscode';
import type * as CodeSearch from '../../../../src/host/code/codeSearch';
import { findBlocks } from '../../../../src/terraform/syntax/terraformBlocks';
import { loadWithEditor } from '../loadWithEditor';

const id = 'aaaaaaaa-0000-4000-8000-000000000001';

function documentOf(text: string): TextDocument {
  const lines = text.split('\n');
  const document = {
    uri: { path: 'main.tf' },
    lineCount: lines.length,
    getText: () => text,
    lineAt: (line: number) => ({ text: lines[line]! }),
    positionAt: (offset: number) => ({ line: text.slice(0, offset).split('\n').length - 1 }),
  };
  return document as unknown as TextDocument;
}

describe('the line of a resource in a text that may have changed', () => {
  const { lineNow } = loadWithEditor(['code/codeSearch'], {}) as typeof CodeSearch;
  const [block] = findBlocks('resource "vkcs_x" "a" {}', 'main.tf');
  const uri = documentOf('').uri;
  const text = { uri, id, kind: 'text', address: undefined } as const;

  for (const [what, line, now, expected] of [
    ['where it was', 0, 'resource "vkcs_x" "a" {}', 0],
    ['where it moved to', 0, '\n\nresource "vkcs_x" "a" {}', 2],
    ['the nearest of several', 4, 'resource "vkcs_x" "a" {}\n\n\nresource "vkcs_x" "a" {}', 3],
    ['nowhere for one of another kind', 0, 'data "vkcs_x" "a" {}', undefined],
    ['nowhere for one of another type', 0, 'resource "vkcs_y" "a" {}', undefined],
    ['nowhere for one of another name', 0, 'resource "vkcs_x" "b" {}', undefined],
    ['nowhere in a text too long to be read', 0, `resource "vkcs_x" "a" {}${' '.repeat(1 << 20)}`, undefined],
  ] as const)
    it(`of a block is ${what}`, () => {
      assert.ok(block);
      assert.equal(lineNow({ ...text, kind: 'block', block, line }, documentOf(now)), expected);
    });

  for (const [what, line, now, expected] of [
    ['where it was', 1, `\n"id": "${id}"`, 1],
    ['at the brace around it', 1, `"${id}"\n  {\n    "id": "${id}"\n  }`, 1],
    ['not at a brace around another', 1, `"x"\n  {\n    "id": "y"\n  }\n  {\n    "id": "${id}"\n  }`, 5],
    ['not at a line that opens nothing', 0, `"x"\n"id": "${id}"`, 1],
    ['not at a brace that opens far above it', 0, `{\n${'\n'.repeat(2_000)}"${id}"`, 2_001],
    ['not where it is a part of another id', 0, `"${id}0"\n"${id}"`, 1],
    ['where it moved to, though the text ends before', 9, `\n\n"${id}"`, 2],
    ['nowhere where it is gone', 0, '"x"', undefined],
    ['nowhere in a text too long to be read', 0, `\n"${id}"${' '.repeat(2 << 20)}`, undefined],
  ] as const)
    it(`of an id is ${what}`, () => assert.equal(lineNow({ ...text, line }, documentOf(now)), expected));
});
