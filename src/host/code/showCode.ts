import {
  l10n,
  Position,
  Range,
  Selection,
  TextEditorRevealType,
  window,
  workspace,
  type CancellationToken,
} from 'vscode';
import { UserError } from '../../core/base/errors';
import { message } from '../../core/base/message';
import type { CodeIndex } from './codeIndex';
import { askChoice } from '../ui/prompts';
import { findCode, lineNow, type CodePlace } from './codeSearch';
import { translate } from '../ui/translate';
import { showHint } from '../ui/showHint';

/**
 * Opens the code of a resource; where several places are equally good a person chooses, a program gets the first.
 * @throws UserError with the reason when there is none
 */
export async function showCode(
  resourceId: string,
  index: CodeIndex,
  interactive: boolean,
  token: CancellationToken,
): Promise<void> {
  const { places, note } = await findCode(resourceId, index, token);
  const [first, ...others] = places;
  if (!first) throw new UserError(note ?? message('No file in this workspace names {0}.', resourceId));
  const place = interactive && others.length > 0 ? await choose(places, resourceId) : first;
  await reveal(place);
  const hint =
    place.kind === 'state'
      ? l10n.t('No code declares {0}: this is its place in the state.', place.address ?? resourceId)
      : place.kind === 'text'
        ? l10n.t('No state knows {0}: this is the first place that names it.', resourceId)
        : note && translate(note);
  if (hint) showHint(hint);
}

/** Shows a place where it is in the text at hand, not where it was when it was found. @throws UserError where it is gone */
async function reveal(place: CodePlace): Promise<void> {
  const document = await workspace.openTextDocument(place.uri);
  const line = (): number => {
    const now = lineNow(place, document);
    if (now !== undefined) return now;
    const file = workspace.asRelativePath(place.uri);
    throw new UserError(
      message('{0} has changed and no longer holds {1}. Try again in a moment.', file, place.address ?? place.id),
    );
  };
  const at = line();
  const editor = await window.showTextDocument(document, { selection: new Range(at, 0, at, 0), preview: true });
  // It may have been typed in before it was shown.
  const now = new Position(line(), 0);
  if (now.line === at) return;
  editor.selection = new Selection(now, now);
  editor.revealRange(editor.selection, TextEditorRevealType.InCenterIfOutsideViewport);
}

async function choose(places: readonly CodePlace[], resourceId: string): Promise<CodePlace> {
  const items = places.map((place) => {
    const where = `${workspace.asRelativePath(place.uri)}:${place.line + 1}`;
    return { label: place.address ?? where, description: place.address === undefined ? '' : where, place };
  });
  return (await askChoice(items, { title: l10n.t('Code of {0}', resourceId) })).place;
}
