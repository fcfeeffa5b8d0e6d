import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { completeWith, type CloudValues, type FoundCloud } from '../core/openstack/cloudValues';
import { readClouds } from './cloudsYaml';
import { UserError } from '../core/base/errors';
import { message, type Message } from '../core/base/message';
import { readEnvironment, readOpenrc } from './openrc';
import { readProviders, type TerraformFile } from './terraformProvider';
import { parseYaml } from './parseYaml';
import { configFolders, fileNames, isScriptName, scriptFolders, type HomePlaces } from './places';
import { liesIn, readSmallFile } from './readSmallFile';
import { terraformFolders } from './terraformFolders';

/** A cloud with where it was found. */
export interface Finding extends FoundCloud {
  readonly kind: 'clouds' | 'openrc' | 'terraform' | 'environment';
  /** '' for the environment. */
  readonly file: string;
}

export interface Findings {
  readonly clouds: readonly Finding[];
  /** Files that could not be used. */
  readonly problems: readonly Message[];
}

/** A folder with files of clouds, and whose it is. */
interface Place {
  readonly folder: string;
  /** Of the workspace: its files come with a repository. */
  readonly shared: boolean;
}

const megabyte = 1_048_576;
/** Bytes of the files of one folder, which are understood together and take up to 100 times as much memory; and of all. */
const maxFolder = 2 * megabyte;
const maxTogether = 8 * megabyte;

/** More than these nobody reads. */
const maxProblems = 100;

/**
 * All clouds that these surroundings tell of, in the order in which OpenStack's tools would take them. Nothing that comes with a
 * workspace is mixed with secrets from elsewhere, or the other way round: a repository could have them sent to an address of its own.
 * Of a workspace that is not trusted no file is read, not even where a usual place lies in it.
 */
export async function findClouds(surroundings: HomePlaces): Promise<Findings> {
  const search = new Search(surroundings);
  const environment = search.environment();
  const folders = surroundings.trusted ? surroundings.folders : [];
  const shared = folders.map((folder) => ({ folder, shared: true }));
  const own = configFolders(surroundings).map((folder) => ({ folder, shared: false }));
  let clouds: readonly Finding[] = environment;
  const named = surroundings.environment['OS_CLIENT_CONFIG_FILE'];
  if (named) clouds = clouds.concat(await search.cloudsOf(named, { folder: path.dirname(named), shared: false }));
  for (const place of [...shared, ...own]) clouds = clouds.concat(await search.cloudsIn(place));
  for (const folder of scriptFolders(surroundings))
    clouds = clouds.concat(await search.scriptsIn({ folder, shared: false }));
  for (const place of shared) clouds = clouds.concat(await search.scriptsIn(place));
  for (const place of shared) clouds = clouds.concat(await search.providersIn(place.folder, clouds));
  return { clouds: namedFirst(clouds, surroundings), problems: search.problems };
}

/** What one file, or the files of one folder, tell. @throws UserError where it cannot be read or tells nothing */
export async function findCloudsAt(file: string, surroundings: HomePlaces): Promise<Findings> {
  const search = new Search(surroundings);
  const isShared = await liesIn(file, surroundings.folders);
  if (isShared && !surroundings.trusted) {
    throw new UserError(
      message('Files of a workspace that is not trusted are not read. Trust it, or choose a file elsewhere.'),
    );
  }
  const info = await stat(file).catch(() => undefined);
  if (!info) throw new UserError(message('There is no file {0}.', file));
  const folder = info.isDirectory() ? file : path.dirname(file);
  const place: Place = { folder, shared: isShared };
  let clouds: readonly Finding[] = [];
  if (info.isDirectory()) {
    clouds = clouds.concat(await search.cloudsIn(place), await search.scriptsIn(place));
    clouds = clouds.concat(await search.providersIn(folder, clouds));
  } else if (/\.tf(?:\.json)?$|\.tfvars(?:\.json)?$/i.test(file)) {
    const around = await search.cloudsIn(place);
    const isWanted = (found: Finding): boolean => found.file === file || !/\.tf(?:\.json)?$/i.test(file);
    clouds = (await search.providersOf(folder, around)).filter(isWanted);
  } else if (/\.(?:ya?ml|json)$/i.test(file)) {
    clouds = clouds.concat(await search.cloudsOf(file, place));
  } else clouds = clouds.concat(await search.scriptAt(file, place));
  const [problem] = search.problems;
  if (clouds.length === 0) {
    throw new UserError(problem ?? message('{0} tells of no cloud to sign in to.', file));
  }
  const named = clouds.filter((found) => isNamed(found, surroundings));
  return { clouds: named.length > 0 ? named : clouds, problems: search.problems };
}

/** With the cloud that the environment chooses at the top. */
function namedFirst(clouds: readonly Finding[], surroundings: HomePlaces): Finding[] {
  const named = clouds.filter((found) => isNamed(found, surroundings));
  return [...named, ...clouds.filter((found) => !named.includes(found))];
}

function isNamed({ kind, name }: Finding, { environment }: HomePlaces): boolean {
  return kind === 'clouds' && name !== '' && name === environment['OS_CLOUD'];
}

class Search {
  readonly problems: Message[] = [];
  readonly #yaml = new Map<string, Promise<unknown>>();
  /** Bytes that were read of each folder, and of all. */
  readonly #folders = new Map<string, number>();
  #bytes = 0;

  constructor(private readonly surroundings: HomePlaces) {}

  environment(): Finding[] {
    const found = readEnvironment(this.surroundings.environment);
    return tellsOfCloud(found.values) ? [{ ...found, kind: 'environment', file: '' }] : [];
  }

  async cloudsIn(place: Place): Promise<Finding[]> {
    for (const name of fileNames('clouds')) {
      const found = await this.cloudsOf(path.join(place.folder, name), place);
      if (found.length > 0) return found;
    }
    return [];
  }

  async cloudsOf(file: string, place: Place): Promise<Finding[]> {
    const clouds = await this.#readYaml(file, place);
    if (clouds === undefined) return [];
    const { environment } = this.surroundings;
    const own = place.shared ? [] : configFolders(this.surroundings);
    const secure = await this.#firstYaml(environment['OS_CLIENT_SECURE_FILE'], 'secure', place, own);
    const profiles = await this.#firstYaml(
      environment['OS_CLIENT_VENDOR_FILE'],
      'clouds-public',
      place,
      configFolders(this.surroundings),
    );
    return (this.#understand(file, () => readClouds({ clouds, secure, profiles })) ?? [])
      .filter(({ values }) => tellsOfCloud(values))
      .map((found) => ({ ...found, kind: 'clouds', file }));
  }

  async #firstYaml(
    named: string | undefined,
    kind: 'secure' | 'clouds-public',
    place: Place,
    folders: readonly string[],
  ): Promise<unknown> {
    const names = fileNames(kind);
    // What the person's environment names is the person's own, as the other folders are.
    if (named && !(place.shared && kind === 'secure')) return this.#readYaml(named, { folder: '', shared: false });
    for (const { folder, shared } of [place, ...folders.map((folder) => ({ folder, shared: false }))]) {
      for (const name of names) {
        const found = await this.#readYaml(path.join(folder, name), { folder, shared });
        if (found !== undefined) return found;
      }
    }
    return undefined;
  }

  #readYaml(file: string, place: Place): Promise<unknown> {
    const known = this.#yaml.get(file);
    if (known) return known;
    const read = this.#read(file, place).then((text) => {
      if (text === undefined) return undefined;
      try {
        return parseYaml(text, file) ?? {};
      } catch (error) {
        // What the parser says would quote the file.
        this.#report(error instanceof UserError ? error.text : message('{0} is not valid YAML.', file));
        return undefined;
      }
    });
    this.#yaml.set(file, read);
    return read;
  }

  async scriptsIn(place: Place): Promise<Finding[]> {
    const names = await readdir(place.folder).catch(() => []);
    const found: Finding[] = [];
    for (const name of names.filter(isScriptName).sort().slice(0, 20)) {
      found.push(...(await this.scriptAt(path.join(place.folder, name), place)));
    }
    return found;
  }

  async scriptAt(file: string, place: Place): Promise<Finding[]> {
    const text = await this.#read(file, place);
    const found = text === undefined ? undefined : this.#understand(file, () => readOpenrc(text));
    return found && tellsOfCloud(found.values) ? [{ ...found, kind: 'openrc', file }] : [];
  }

  /** Provider blocks of the code below a folder. */
  async providersIn(folder: string, clouds: readonly Finding[]): Promise<Finding[]> {
    let found: Finding[] = [];
    for (const directory of await terraformFolders(folder)) {
      found = found.concat(await this.providersOf(directory, clouds));
    }
    return found;
  }

  /** Provider blocks of one directory, completed as the provider would do it: from a cloud they name, else from the environment. */
  async providersOf(directory: string, clouds: readonly Finding[]): Promise<Finding[]> {
    const names = await readdir(directory).catch(() => []);
    const wanted = names.filter((name) => /\.tf(?:vars)?(?:\.json)?$/.test(name)).sort();
    const place = { folder: directory, shared: true };
    const files: TerraformFile[] = [];
    // One after another: what is left out where they are too much is the same each time.
    for (const name of wanted.slice(0, 200)) {
      files.push({ name, text: (await this.#read(path.join(directory, name), place)) ?? '' });
    }
    const environment = readEnvironment(this.surroundings.environment).values;
    const readable = files.filter((file) =>
      this.#understand(path.join(directory, file.name), () => readProviders([file])),
    );
    return readProviders(readable).flatMap(({ file, cloud, standard, ...found }) => {
      const other =
        cloud === undefined
          ? environment
          : clouds.find((item) => item.kind === 'clouds' && item.name === cloud)?.values;
      const values = { ...standard, ...completeWith(found.values, other ?? {}) };
      return tellsOfCloud(values) ? [{ ...found, values, kind: 'terraform', file: path.join(directory, file) }] : [];
    });
  }

  /** What reading a text gives. What fails in an unforeseen way is told, and hides no other file. */
  #understand<T>(file: string, read: () => T): T | undefined {
    try {
      return read();
    } catch {
      // What was thrown could quote the file.
      this.#report(message('{0} was left out: reading it failed. Take out what is unusual in it.', file));
      return undefined;
    }
  }

  async #read(file: string, { folder, shared }: Place): Promise<string | undefined> {
    const { folders, trusted } = this.surroundings;
    if (!trusted && (await liesIn(file, folders))) return undefined;
    try {
      return await readSmallFile(file, shared ? folder : undefined, (bytes) => this.#admit(file, bytes));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      this.#report(error.text);
      return undefined;
    }
  }

  /** @throws UserError where the file would be too much beside those that were read */
  #admit(file: string, bytes: number): void {
    const folder = path.dirname(file);
    const own = (this.#folders.get(folder) ?? 0) + bytes;
    if (own > maxFolder) {
      const text = message('{0} was left out: no more than {1} MB of one folder are read.', file, maxFolder / megabyte);
      throw new UserError(text);
    }
    if (this.#bytes + bytes > maxTogether) {
      const text = message('{0} was left out: no more than {1} MB are read in all.', file, maxTogether / megabyte);
      throw new UserError(text);
    }
    this.#folders.set(folder, own);
    this.#bytes += bytes;
  }

  #report(problem: Message): void {
    if (this.problems.length < maxProblems) this.problems.push(problem);
  }
}

/** Whether there is enough to begin with. */
function tellsOfCloud(values: CloudValues): boolean {
  return values.auth_url !== undefined || (values.token !== undefined && values.audit_endpoint_override !== undefined);
}
