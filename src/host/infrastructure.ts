import { workspace, type CancellationToken, type Uri } from 'vscode';
import { UserError } from '../core/errors';
import { message, type Message } from '../core/message';
import { findInState, firstNaming, type StatePlace } from '../core/terraformState';
import { abortSignal } from './abortSignal';
import { TerraformCode } from './terraformCode';
import { BoundedReader, forEachFew, listFiles, runInSlices, textOf } from './workspaceFiles';

/** A place in the workspace that belongs to a resource. */
export interface CodePlace {
  readonly uri: Uri;
  /** From 0. */
  readonly line: number;
  /** The block that declares it, its instance in a state no code was found for, or a text that names its id. */
  readonly kind: 'block' | 'state' | 'text';
  /** The address in the state, `vkcs_compute_instance.web[0]`; undefined for a text. */
  readonly address: string | undefined;
}

export interface FoundCode {
  /** Equally good ones, best guess first. */
  readonly places: readonly CodePlace[];
  /** Why there are none, or what was left out of the search. */
  readonly note: Message | undefined;
}

const megabyte = 1_048_576;
const maxFiles = 10_000;
const maxStateBytes = 100 * megabyte;
const maxCodeBytes = 100 * megabyte;
const maxCodeFile = 2 * megabyte;
const maxTextPlaces = 20;
const binary =
  /\.(?:png|jpe?g|gif|webp|ico|pdf|zip|gz|tgz|bz2|xz|7z|jar|exe|dll|so|dylib|wasm|woff2?|ttf|mp[34]|sqlite|db|vsix|xlsx?|class|pyc|o)$/i;

/**
 * Finds the code of a resource: the block that declares what a Terraform state of the workspace knows under this id; else the places of
 * the workspace that name the id. Reads at most 10,000 files, 100 MB of state and 100 MB of code.
 * @throws UserError where the workspace is not trusted or no folder is open; an AbortError when cancelled
 */
export async function findCode(resourceId: string, token: CancellationToken): Promise<FoundCode> {
  if (!workspace.isTrusted) {
    throw new UserError(
      message(
        'This folder is open in restricted mode, so its files are not read. Run "Workspaces: Manage Workspace Trust" to trust it.',
      ),
    );
  }
  if (!workspace.workspaceFolders?.length) {
    throw new UserError(message('No folder is open. Open the folder with your Terraform code first.'));
  }
  const signal = abortSignal(token);
  const notes: Message[] = [];
  const declared = await findDeclared(resourceId, notes, signal);
  const places = declared.length > 0 ? declared : await findNamed(resourceId, notes, signal);
  const [left] = notes;
  if (places.length > 0) return { places, note: left };
  const nothing = message('No file in this workspace names {0}.', resourceId);
  return { places, note: left ? message('{0} {1}', nothing, left) : nothing };
}

interface InState extends StatePlace {
  readonly state: Uri;
  readonly line: number;
}

async function findDeclared(id: string, notes: Message[], signal: AbortSignal): Promise<readonly CodePlace[]> {
  const known = await findInStates(id, notes, signal);
  const best = known.filter(({ naming, mode }) => naming === known[0]?.naming && mode === known[0].mode);
  if (best.length === 0) return [];
  const code = await TerraformCode.list(maxFiles, new BoundedReader(maxCodeBytes, maxCodeFile), signal);
  const places = new Map<string, CodePlace>();
  for (const place of best) {
    const { address } = place;
    const found = await code.declaration(place.state, place, signal);
    const shown: CodePlace = found
      ? { uri: found.uri, line: found.block.line, kind: 'block', address }
      : { uri: place.state, line: place.line, kind: 'state', address };
    const key = `${shown.uri.toString()}#${shown.line}`;
    if (!places.has(key)) places.set(key, shown);
  }
  if (code.more) notes.push(message('Only the first {0} files were searched.', maxFiles));
  const all = [...places.values()];
  const blocks = all.filter(({ kind }) => kind === 'block');
  return blocks.length > 0 ? blocks : all;
}

/** The instances of all states that name the id, best first. */
async function findInStates(id: string, notes: Message[], signal: AbortSignal): Promise<readonly InState[]> {
  const { files, more } = await listFiles('**/*.tfstate', maxFiles, signal);
  const reader = new BoundedReader(maxStateBytes, maxStateBytes);
  const found: InState[] = [];
  for (const state of files) {
    signal.throwIfAborted();
    const bytes = await reader.read(state);
    if (!bytes?.includes(id)) continue;
    const text = bytes.toString('utf8');
    try {
      for (const place of await runInSlices(findInState(text, id), signal)) {
        found.push({ ...place, state, line: lineOf(text, place.offset) });
      }
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      notes.push(message('{0}: {1}', workspace.asRelativePath(state), error.text));
    }
  }
  if (reader.exceeded) notes.push(message('Only {0} MB of state files were read.', maxStateBytes / megabyte));
  if (more) notes.push(message('Only the first {0} files were searched.', maxFiles));
  const order = ['id', 'part', 'attribute'];
  return found.sort(
    (a, b) =>
      order.indexOf(a.naming) - order.indexOf(b.naming) || Number(a.mode === 'data') - Number(b.mode === 'data'),
  );
}

/** The first line of each text file that names the id. */
async function findNamed(id: string, notes: Message[], signal: AbortSignal): Promise<readonly CodePlace[]> {
  const { files, more } = await listFiles('**/*', maxFiles, signal);
  const reader = new BoundedReader(maxCodeBytes, maxCodeFile);
  const places: CodePlace[] = [];
  await forEachFew(
    files.filter(({ path }) => !binary.test(path)),
    async (uri) => {
      const bytes = places.length < maxTextPlaces ? await reader.read(uri) : undefined;
      if (!bytes?.includes(id) || bytes.subarray(0, 8192).includes(0)) return;
      const text = textOf(uri, bytes);
      const at = firstNaming(text, id);
      if (at >= 0) places.push({ uri, line: lineOf(text, at), kind: 'text', address: undefined });
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
