import type { Message } from '../core/base/message';
import type { Block } from '../terraform/syntax/terraformBlocks';

/** A file of the workspace. */
export interface WorkspaceFile {
  /** Its URI without escapes; what both sides call it. */
  readonly key: string;
  /** Where the index may read it by itself; else it asks for it. */
  readonly path: string | undefined;
}

/** What a file holds now. */
export interface FileContent {
  /** Undefined where they are more than was asked for. */
  readonly bytes: Uint8Array | undefined;
  /** When it was last written, in milliseconds. */
  readonly modified: number;
}

/** A file that says which resource has which address: a state, or code with `import` blocks that are not applied yet. */
export interface StateSource {
  readonly file: string;
  /** When the state was last written, in milliseconds: about the time of the last apply. Undefined where there is no state. */
  readonly modified: number | undefined;
  /** The state's own count of its versions. */
  readonly serial: number | undefined;
}

/** A resource, one instance of perhaps many, that a state of the workspace knows. */
export interface StateResource {
  /** As Terraform writes it: `module.db["a"].vkcs_compute_instance.web[0]`. */
  readonly address: string;
  readonly mode: 'managed' | 'data';
  /** The module's address, '' for the root: `module.db["a"].module.disk`. */
  readonly module: string;
  readonly type: string;
  readonly name: string;
  /** `deposed`: replaced and waiting to be destroyed. */
  readonly status: 'tainted' | 'deposed' | undefined;
  /** An event is about it if it names all of these: one id, or the parts of a composite one (`server/volume`). */
  readonly ids: readonly string[];
  readonly source: StateSource;
  /** Line of the instance in the state, from 0. */
  readonly line: number;
}

/** A block and the file that holds it. */
export interface Declaration {
  readonly file: string;
  readonly block: Block;
}

/** How a state names an id: as a resource's own, as a part of a composite one (`server/volume`), or in another attribute. */
export type Naming = 'id' | 'part' | 'attribute';

/** What is known under an id. */
export interface KnownId {
  readonly naming: Naming;
  /** Where within the attributes: `id`, `network[0].port`. */
  readonly attribute: string;
  readonly resource: StateResource;
  /** The block that declares it, or calls the module that does; several where it cannot be told which code the state is of. */
  readonly declarations: readonly Declaration[];
}

/** A resource and the block of a file that declares it. A resource in a module also goes with the blocks that call the module. */
export interface DeclaredResources {
  readonly kind: Block['kind'];
  readonly type: string;
  readonly name: string;
  readonly resources: readonly StateResource[];
}

/** Why a file was left out. */
export interface IndexNote {
  readonly file: string;
  readonly text: Message;
}

/** The index as its worker offers it. Questions are answered from the last complete update. */
export interface TerraformIndex {
  /** Takes in what files hold now; a file that is gone or cannot be read is forgotten. Whether something else is known afterwards. */
  update(files: readonly WorkspaceFile[], signal: AbortSignal): Promise<boolean>;
  /** Best first; ids that are not known are left out. */
  find(ids: readonly string[]): readonly (readonly [id: string, known: readonly KnownId[]])[];
  /** The blocks of a file whose resources a state knows. */
  declaredIn(file: string): readonly DeclaredResources[];
  /** All resources that states know. */
  resources(): readonly StateResource[];
  notes(): readonly IndexNote[];
}

/** What the index asks of the extension. */
export interface FileReader {
  /** The file's bytes, at most `longest`; undefined where it is gone or forbidden. */
  read(key: string, longest: number): FileContent | undefined | Promise<FileContent | undefined>;
}
