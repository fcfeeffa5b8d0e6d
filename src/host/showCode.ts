import { l10n, Range, window, workspace, type CancellationToken } from 'vscode';
import { UserError } from '../core/errors';
import { message } from '../core/message';
import type { CodeIndex } from './codeIndex';
import { askChoice } from './commands/prompts';
import { findCode, type CodePlace } from './infrastructure';
import { translate } from './translate';
import { showHint } from './ui/showHint';

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
  await window.showTextDocument(place.uri, { selection: new Range(place.line, 0, place.line, 0), preview: true });
  const hint =
    place.kind === 'state'
      ? l10n.t('No code declares {0}: this is its place in the state.', place.address ?? resourceId)
      : place.kind === 'text'
        ? l10n.t('No state knows {0}: this is the first place that names it.', resourceId)
        : note && translate(note);
  if (hint) showHint(hint);
}

async function choose(places: readonly CodePlace[], resourceId: string): Promise<CodePlace> {
  const items = places.map((place) => {
    const where = `${workspace.asRelativePath(place.uri)}:${place.line + 1}`;
    return { label: place.address ?? where, description: place.address === undefined ? '' : where, place };
  });
  return (await askChoice(items, { title: l10n.t('Code of {0}', resourceId) })).place;
}
