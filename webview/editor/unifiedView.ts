import { EditorState, RangeSetBuilder, Text, type Extension } from '@codemirror/state';
import {
  type EditorView,
  Decoration,
  gutter,
  GutterMarker,
  lineNumbers,
  ViewPlugin,
  type DecorationSet,
} from '@codemirror/view';
import { lastAt, type Segment, type UnifiedText } from '../model/unifiedText';

/** Both texts in one editor: real lines, so that all of them can be searched, walked and read aloud. */
export function unifiedState(unified: UnifiedText, extensions: Extension): EditorState {
  const segmentAt = (line: number): Segment =>
    unified.segments[
      lastAt(unified.segments.length, (index) => (unified.segments[index] as Segment).line <= line)
    ] as Segment;
  return EditorState.create({
    doc: Text.of([...unified.lines]),
    extensions: [
      extensions,
      // The gutter asks for a number beyond the last line, too, to know its width.
      lineNumbers({
        formatNumber: (number, { doc }) => {
          const line = Math.min(number, doc.lines) - 1;
          const { origin, line: first } = segmentAt(line);
          return String(origin + line - first + 1);
        },
      }),
      gutter({
        class: 'cm-signs',
        lineMarker: (view, block) => signs[segmentAt(view.state.doc.lineAt(block.from).number - 1).kind],
        initialSpacer: () => signs.added,
      }),
      ViewPlugin.define((view) => new Marks(view, unified), { decorations: ({ decorations }) => decorations }),
    ],
  });
}

class Sign extends GutterMarker {
  constructor(
    private readonly sign: string,
    override readonly elementClass: string,
  ) {
    super();
  }

  override toDOM(): Node {
    return document.createTextNode(this.sign);
  }
}

const signs = { same: null, removed: new Sign('−', 'cm-removedSign'), added: new Sign('+', 'cm-addedSign') };

const lineMarks = {
  removed: [Decoration.line({ class: 'cm-removedLine' }), Decoration.mark({ tagName: 'del' })],
  added: [Decoration.line({ class: 'cm-addedLine' }), Decoration.mark({ tagName: 'ins' })],
} as const;
const wordMark = Decoration.mark({ class: 'cm-changedWord' });

/** Marks what is in sight. */
class Marks {
  decorations: DecorationSet;

  constructor(
    view: EditorView,
    private readonly unified: UnifiedText,
  ) {
    this.decorations = this.#mark(view);
  }

  update({ view, viewportChanged }: { view: EditorView; viewportChanged: boolean }): void {
    if (viewportChanged) this.decorations = this.#mark(view);
  }

  #mark({ state: { doc }, viewport }: EditorView): DecorationSet {
    const { segments, words } = this.unified;
    const builder = new RangeSetBuilder<Decoration>();
    let word = lastAt(words.length, (index) => (words[index] as { to: number }).to <= viewport.from) + 1;
    const first = doc.lineAt(viewport.from).number - 1;
    const last = doc.lineAt(viewport.to).number - 1;
    for (
      let index = lastAt(segments.length, (at) => (segments[at] as Segment).line <= first);
      index < segments.length;
      index++
    ) {
      const segment = segments[index] as Segment;
      if (segment.line > last) break;
      if (segment.kind === 'same') continue;
      const [lineMark, textMark] = lineMarks[segment.kind];
      const end = Math.min(last, segment.line + segment.count - 1);
      for (let number = Math.max(first, segment.line); number <= end; number++) {
        const line = doc.line(number + 1);
        builder.add(line.from, line.from, lineMark);
        if (line.length > 0) builder.add(line.from, line.to, textMark);
        for (; word < words.length; word++) {
          const { from, to } = words[word] as { from: number; to: number };
          if (from >= line.to) break;
          if (to > line.from) builder.add(Math.max(from, line.from), Math.min(to, line.to), wordMark);
          if (to > line.to) break; // goes on in the next line
        }
      }
    }
    return builder.finish();
  }
}
