import { RangeSetBuilder, type Extension } from '@codemirror/state';
import { Decoration, EditorView, ViewPlugin, keymap, type DecorationSet, type ViewUpdate } from '@codemirror/view';
import { message } from '../../src/core/base/message';
import type { Language } from '../model/language';

/** A text in a body that leads somewhere: the id of a resource, or an address of the network. */
export interface Link {
  readonly kind: 'id' | 'address';
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

const pattern = new RegExp(
  [
    '(?<id>(?<![\\w-]|"event_id": ")[\\da-f]{8}(?:-[\\da-f]{4}){3}-[\\da-f]{12}(?![\\w-]))',
    '(?<![\\w.])(?:(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)\\.){3}(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?![\\w.])', // IPv4
    '(?<![\\w:])(?:[\\da-f]{1,4}:){5,7}[\\da-f]{1,4}(?![\\w:])', // MAC, IPv6
    '(?<![\\w:])(?:[\\da-f]{1,4}:){1,6}(?::[\\da-f]{1,4}){1,6}(?![\\w:])', // IPv6 with ::
  ].join('|'),
  'gi',
);

/** The links in a text that stands at `offset`. */
export function findLinks(text: string, offset = 0): Link[] {
  return [...text.matchAll(pattern)].map((found) => ({
    kind: found.groups?.['id'] === undefined ? 'address' : 'id',
    text: found[0],
    from: offset + found.index,
    to: offset + found.index + found[0].length,
  }));
}

/** How much of a line is looked through around a position. */
const around = 200;

/** The link at a position. */
export function linkAt(view: EditorView, position: number): Link | undefined {
  const line = view.state.doc.lineAt(position);
  const from = Math.max(line.from, position - around);
  const text = view.state.sliceDoc(from, Math.min(line.to, position + around));
  return findLinks(text, from).find((link) => link.from <= position && position <= link.to);
}

/** Underlines links as far as they are seen, and follows them as VS Code's own editors do: Ctrl or Cmd with a click, or with Enter. */
export function links({ say }: Language, follow: (link: Link) => void): Extension {
  const mac = navigator.platform.startsWith('Mac');
  const titles = {
    id: say(mac ? message('Show its history (Cmd+click)') : message('Show its history (Ctrl+click)')),
    address: say(
      mac ? message('Find events that mention it (Cmd+click)') : message('Find events that mention it (Ctrl+click)'),
    ),
  };
  const marks = {
    id: Decoration.mark({ class: 'reference', attributes: { title: titles.id } }),
    address: Decoration.mark({ class: 'reference', attributes: { title: titles.address } }),
  };

  function decorate(view: EditorView): DecorationSet {
    const builder = new RangeSetBuilder<Decoration>();
    for (const { from, to } of view.visibleRanges) {
      for (const link of findLinks(view.state.sliceDoc(from, to), from)) {
        builder.add(link.from, link.to, marks[link.kind]);
      }
    }
    return builder.finish();
  }

  const underlines = ViewPlugin.fromClass(
    class {
      decorations: DecorationSet;
      constructor(view: EditorView) {
        this.decorations = decorate(view);
      }
      update(update: ViewUpdate): void {
        if (update.docChanged || update.viewportChanged) this.decorations = decorate(update.view);
      }
    },
    { decorations: (plugin) => plugin.decorations },
  );

  const followAt = (view: EditorView, position: number | null): boolean => {
    const link = position === null ? undefined : linkAt(view, position);
    if (link) follow(link);
    return link !== undefined;
  };

  return [
    underlines,
    keymap.of([{ key: 'Mod-Enter', run: (view) => followAt(view, view.state.selection.main.head) }]),
    EditorView.domEventHandlers({
      mousedown: (event, view) => {
        const wanted = event.button === 0 && (mac ? event.metaKey : event.ctrlKey);
        return wanted && followAt(view, view.posAtCoords({ x: event.clientX, y: event.clientY }));
      },
    }),
  ];
}
