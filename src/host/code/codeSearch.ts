import { workspace, type CancellationToken, type TextDocument, type Uri } from 'vscode';
import { UserError } from '../../core/base/errors';
import { message, type Message } from '../../core/base/message';
import { firstNaming } from '../../core/event/naming';
import type { Block } from '../../terraform/syntax/terraformBlocks';
import { abortSignal } from '../ui/abortSignal';
import { blocksIn, type CodeIndex } from './codeIndex';
import { BoundedReader, forEachFew, listFiles, textOf, uriOf } from './workspaceFiles';

/** A place in the workspace that belongs to a resource. */
export interface CodePlace {
  readonly uri: Uri;
  /** From 0, as of when it was found: {@link lineNow} tells where it is by now. */
  readonly line: number;
  /** The id that led to it. */
  readonly id: string;
  /** The block, where it is one. */
  readonly block?: Block;
  /** The block that declares it, its instance in a state no code was found for, or a text that names its id. */
  readonly kind: 'block' | 'state' | 'text';
  /** The address in the state, `vkcs_compute_instance.web[0]`; undefined for a text. */
  readonly address: string | undefined;
}

interface FoundCode {
  /** Equally good ones, best guess first. */
  readonly places: readonly CodePlace[];
  /** Why there are none, or what was left out of the search. */
  readonly note: Message | undefined;
}

const megabyte = 1_048_576;
const maxFiles = 10_000;
const maxCodeBytes = 100 * megabyte;
const maxCodeFile = 2 * megabyte;
const maxTextPlaces = 20;
/** Of one instance in a state. */
const maxInstanceLines = 2_000;
const everything = { glob: '**/*', name: /./ };
const binary =
  /\.(?:png|jpe?g|gif|webp|ico|pdf|zip|gz|tgz|bz2|xz|7z|jar|exe|dll|so|dylib|wasm|woff2?|ttf|mp[34]|sqlite|db|vsix|xlsx?|class|pyc|o)$/i;

const noStateText = message(
  'There is no Terraform state in it either. Where yours is kept elsewhere, save the output of "terraform show -json" as a .json file in the workspace; it may hold secrets, so keep it out of version control.',
);

/**
 * Finds the code of a resource: the block that declares what a Terraform state of the workspace knows under this id; else the places of
 * the workspace that name the id. Of texts at most 10,000 files and 100 MB are read.
 * @throws UserError where the workspace is not trusted or no folder is open; an AbortError when cancelled
 */
export async function findCode(resourceId: string, index: CodeIndex, token: CancellationToken): Promise<FoundCode> {
  const unavailable = index.unavailable();
  if (unavailable) throw new UserError(unavailable);
  const signal = abortSignal(token);
  const declared = await findDeclared(resourceId, index, signal);
  const notes = [...(await index.notes(signal))];
  const places = declared.length > 0 ? declared : await findNamed(resourceId, notes, signal);
  const [left] = notes;
  if (places.length > 0) return { places, note: left };
  const nothing = message('No file in this workspace names {0}.', resourceId);
  if (left) return { places, note: message('{0} {1}', nothing, left) };
  const known = await index.resources(signal);
  return { places, note: known.length > 0 ? nothing : message('{0} {1}', nothing, noStateText) };
}

async function findDeclared(id: string, index: CodeIndex, signal: AbortSignal): Promise<readonly CodePlace[]> {
  const known = (await index.find([id], signal)).get(id) ?? [];
  const [first] = known;
  const best = known.filter(
    ({ naming, resource }) => naming === first?.naming && resource.mode === first.resource.mode,
  );
  const places = new Map<string, CodePlace>();
  for (const { resource, declarations } of best) {
    const { address, source, line } = resource;
    const found: CodePlace[] = declarations.map(({ file, block }) => {
      const place = { uri: uriOf(file), line: block.line, id, block, kind: 'block', address } as const;
      const open = workspace.textDocuments.find((document) => document.uri.toString() === place.uri.toString());
      return { ...place, line: (open && lineNow(place, open)) ?? block.line };
    });
    if (found.length === 0) found.push({ uri: uriOf(source.file), line, id, kind: 'state', address });
    for (const place of found) {
      const key = `${place.uri.toString()}#${place.line}`;
      if (!places.has(key)) places.set(key, place);
    }
  }
  const all = [...places.values()];
  const blocks = all.filter(({ kind }) => kind === 'block');
  return blocks.length > 0 ? blocks : all;
}

/**
 * The line where a place is in a document as it is now, which may have changed since it was found; undefined where it is not there
 * any more. Of several that would do, the nearest to where it was.
 */
export function lineNow({ block, id, line }: CodePlace, document: TextDocument): number | undefined {
  if (block) {
    const { kind, type, name } = block;
    const same = blocksIn(document).filter((now) => now.kind === kind && now.type === type && now.name === name);
    return same.map((now) => now.line).sort((one, other) => Math.abs(one - line) - Math.abs(other - line))[0];
  }
  if (isNamedAt(line, id, document)) return line;
  const text = document.getText();
  const at = text.length > maxCodeFile ? -1 : firstNaming(text, id);
  return at < 0 ? undefined : document.positionAt(at).line;
}

/** Whether a line names the id, or opens the brace around what does: an instance of a state, an `import` block. */
function isNamedAt(line: number, id: string, document: TextDocument): boolean {
  if (line >= document.lineCount) return false;
  const { text } = document.lineAt(line);
  if (firstNaming(text, id) >= 0) return true;
  if (!text.trimEnd().endsWith('{')) return false;
  const indent = text.slice(0, text.length - text.trimStart().length);
  const end = Math.min(document.lineCount, line + maxInstanceLines);
  for (let at = line + 1; at < end && !document.lineAt(at).text.startsWith(`${indent}}`); at++)
    if (firstNaming(document.lineAt(at).text, id) >= 0) return true;
  return false;
}

/** The first line of each text file that names the id. */
async function findNamed(id: string, notes: Message[], signal: AbortSignal): Promise<readonly CodePlace[]> {
  const { files, more } = await listFiles(everything, maxFiles, signal);
  const reader = new BoundedReader(maxCodeBytes, maxCodeFile);
  const places: CodePlace[] = [];
  await forEachFew(
    files.filter(({ path }) => !binary.test(path)),
    async (uri) => {
      const bytes = places.length < maxTextPlaces ? await reader.read(uri) : undefined;
      if (!bytes?.includes(id) || bytes.subarray(0, 8192).includes(0)) return;
      const text = textOf(uri, bytes);
      const at = firstNaming(text, id);
      if (at >= 0) places.push({ uri, line: lineOf(text, at), id, kind: 'text', address: undefined });
    },
    signal,
  );
  if (more) notes.push(message('Only the first {0} files were searched.', maxFiles));
  if (reader.exceeded) notes.push(message('Large files were not searched.'));
  return places;
}

function lineOf(text: string, offset: number): number {
  let line = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return line;
}
