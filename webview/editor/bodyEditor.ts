import { getSearchQuery, openSearchPanel, searchPanelOpen, setSearchQuery } from '@codemirror/search';
import { Compartment, EditorState, type Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import type { Body } from '../../src/core/event/body';
import { mask, type Secret } from '../../src/core/redact/redact';
import { jsonSupport, viewer } from './editor';
import { readString } from '../../src/core/json/jsonTree';
import { placeAt, type JsonPlace } from '../model/jsonPlace';
import type { Language } from '../model/language';
import { linkAt, links, type Link } from './links';
import { openStrings } from './openStrings';
import { secretMasks } from './secretMasks';

/** Bodies up to this size are in the page as a whole, larger ones as far as they are seen. */
const wholeLines = 400;
const wholeLength = 100_000;

/** The text behind a mask. */
type Reveal = (index: number) => Promise<string | undefined>;
type OpenString = Parameters<typeof openStrings>[1];
type SecretMasks = ReturnType<typeof secretMasks>;

export interface BodyEditor {
  readonly dom: HTMLElement;
  /**
   * @param goOn whether the body begins like the one that is shown: what is seen stays
   * @param reveal undefined when it failed, which was said
   */
  show(body: Body, label: string, goOn: boolean, reveal: Reveal): void;
  setWrap(wrap: boolean): void;
  openSearch(): boolean;
  destroy(): void;
}

/** What is at a place of a body. */
export interface BodyPlace {
  readonly link: Link | undefined;
  readonly value: (JsonPlace & { readonly text: string }) | undefined;
}

/** An editor that shows one body after another. */
export function createBodyEditor(
  language: Language,
  nonce: string,
  wrap: boolean,
  follow: (link: Link) => void,
): BodyEditor {
  const wrapping = new Compartment();
  const lineWrapping = (): Extension => (wrap ? EditorView.lineWrapping : []);
  const viewers = new Map<string, Extension>();
  const view = new EditorView({ extensions: EditorView.cspNonce.of(nonce) });

  function baseOf(label: string): Extension {
    const base = viewers.get(label) ?? [
      viewer({ label, nonce, language, testId: 'body' }),
      links(language, follow),
      wrapping.of(lineWrapping()),
    ];
    viewers.set(label, base);
    return base;
  }

  /** The JSON of a string: its masks are those of the string, what they hide loses one layer of escapes. */
  function openString(label: string, body: Body, masks: SecretMasks, reveal: Reveal): OpenString {
    return (text, outer, from, to) => {
      const indices = masks.within(outer, from, to);
      const inner = secretMasks(findMasks(text, indices, body.secrets), language, async (index) => {
        const secret = await reveal(indices[index] ?? -1);
        return secret === undefined ? undefined : readString(`"${secret}"`);
      });
      const base = [viewer({ label, nonce, language }), links(language, follow), lineWrapping()];
      const extensions = [base, jsonSupport(text), inner.extension];
      return new EditorView({ state: EditorState.create({ doc: text, extensions }) });
    };
  }

  return {
    dom: view.dom,
    show(body, label, goOn, reveal) {
      const masks = secretMasks(body.secrets, language, reveal);
      const json =
        body.kind === 'json'
          ? [jsonSupport(body.text), openStrings(language, openString(label, body, masks, reveal))]
          : [];
      const state = EditorState.create({
        doc: body.text,
        extensions: [baseOf(label), json, masks.extension],
        ...(goOn && { selection: view.state.selection }),
      });
      replaceState(view, state, goOn);
    },
    setWrap(changed) {
      if (wrap === changed) return;
      wrap = changed;
      viewers.clear();
      view.dispatch({ effects: wrapping.reconfigure(lineWrapping()) });
    },
    openSearch: () => openSearchPanel(view),
    destroy: () => view.destroy(),
  };
}

/** @param goOn whether what is seen and searched for stays */
function replaceState(view: EditorView, state: EditorState, goOn: boolean): void {
  const { scrollTop } = view.scrollDOM;
  const searching = goOn && searchPanelOpen(view.state) && getSearchQuery(view.state);
  view.setState(state);
  if (state.doc.lines <= wholeLines && state.doc.length <= wholeLength) drawWhole(view);
  view.scrollDOM.scrollTop = goOn ? scrollTop : 0;
  if (!searching) return;
  openSearchPanel(view);
  view.dispatch({ effects: setSearchQuery.of(searching) });
}

/** What stands where the mouse is, or where the cursor is when the keyboard asks. */
export function bodyPlaceAt(event: MouseEvent): BodyPlace | undefined {
  const dom = event.target instanceof Element ? event.target.closest<HTMLElement>('.cm-editor') : null;
  const view = dom && EditorView.findFromDOM(dom);
  if (!view) return undefined;
  const byKeyboard = (event as PointerEvent).pointerType === '';
  const pointed = byKeyboard ? null : view.posAtCoords({ x: event.clientX, y: event.clientY });
  const position = pointed ?? view.state.selection.main.head;
  const text = view.state.doc.toString();
  const value = placeAt(text, position);
  return { link: linkAt(view, position), value: value && { ...value, text: text.slice(value.from, value.to) } };
}

/** Where the masks of `indices` stand in a text that shows them in the same order; none where that is not certain. */
function findMasks(text: string, indices: readonly number[], secrets: readonly Secret[]): Secret[] {
  const found: Secret[] = [];
  for (let at = text.indexOf(mask); at >= 0; at = text.indexOf(mask, at + mask.length)) {
    const path = secrets[indices[found.length] ?? -1]?.path ?? '';
    found.push({ start: at, end: at + mask.length, path });
  }
  return found.length === indices.length ? found : [];
}

/** Lets screen readers and the page's own search have all of a body: the editor draws as it does for the printer. */
function drawWhole(editor: EditorView): void {
  Object.assign((editor as unknown as { viewState: object }).viewState, { printing: true });
}
