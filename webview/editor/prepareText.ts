import { Text } from '@codemirror/state';
import type { PreparedText } from '../model/difference';
import { jsonSupport } from './editor';

export function prepareText(text: string, json: boolean): PreparedText {
  const document = Text.of(text.split('\n'));
  // Two texts side by side are asked for as a whole, which would be put together line by line.
  document.toString = () => text;
  return { text, document, highlighting: json ? jsonSupport(text) : [] };
}
