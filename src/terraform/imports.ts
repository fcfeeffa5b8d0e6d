import type { TerraformCode } from './syntax/terraformBlocks';
import type { Import } from './syntax/terraformImports';
import { formatAddress, parseAddress } from './address';
import { partsOf } from './ids';
import type { ReadState } from './links';
import type { Instance } from './instance';

/** What `import` blocks tell of resources before a state does. */
export function* readImports(code: ReadonlyMap<string, TerraformCode>): Generator<ReadState> {
  for (const [file, { imports }] of code) {
    const instances = imports.map(readImport).filter((instance) => instance !== undefined);
    if (instances.length > 0) yield { source: { file, modified: undefined, serial: undefined }, instances };
  }
}

function readImport({ to, id, line }: Import): Instance | undefined {
  const address = parseAddress(to);
  if (!address?.resource) return undefined;
  const { mode, type, name } = address.resource;
  const module = formatAddress({ modules: address.modules, resource: undefined });
  const resource = {
    address: formatAddress(address),
    mode,
    module,
    type,
    name,
    status: undefined,
    ids: partsOf(id),
    line,
  };
  return { resource, ownId: id, mentions: [] };
}
