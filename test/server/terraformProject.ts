import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Random } from '../../src/sample/random';

interface TerraformProject {
  /** All files, code before the state. */
  readonly files: readonly string[];
  /** The ids of the resources, in the order of their addresses: `vkcs_compute_instance.web_<block>[<index>]`. */
  readonly ids: readonly string[];
  /** Bytes of the state. */
  readonly size: number;
}

/** Writes a project with its state: `blocks` resources with `count`, a hundred in a file and each fifth file a module. */
export async function writeTerraformProject(
  folder: string,
  { blocks, resources, bytes }: { readonly blocks: number; readonly resources: number; readonly bytes: number },
): Promise<TerraformProject> {
  const random = new Random('terraform project');
  const [perFile, count] = [100, Math.floor(resources / blocks)];
  const files: string[] = [];
  const ids: string[] = [];
  const known: object[] = [];
  for (let first = 0; first < blocks; first += perFile) {
    const isModule = (first / perFile) % 5 === 4;
    const name = `part_${String(first / perFile)}`;
    const file = path.join(folder, ...(isModule ? [name, 'main.tf'] : [`${name}.tf`]));
    const numbers = Array.from({ length: Math.min(perFile, blocks - first) }, (_, index) => first + index);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, numbers.map((number) => declare(number, count)).join('\n'));
    files.push(file);
    if (isModule) {
      const call = path.join(folder, `${name}.tf`);
      await writeFile(call, `module "${name}" {\n  source = "./${name}"\n}\n`);
      files.push(call);
    }
    for (const number of numbers) {
      const instances = Array.from({ length: count }, (_, index) => instance(random, index, bytes / resources));
      ids.push(...instances.map(({ attributes }) => attributes.id));
      const head = { mode: 'managed', type: 'vkcs_compute_instance', name: `web_${String(number)}` };
      known.push({
        ...(isModule ? { module: `module.${name}` } : {}),
        ...head,
        provider: 'provider["vkcs"]',
        instances,
      });
    }
  }
  const state = path.join(folder, 'terraform.tfstate');
  const text = JSON.stringify(
    { version: 4, terraform_version: '1.9.5', serial: 1, lineage: 'x', resources: known },
    null,
    2,
  );
  await writeFile(state, text);
  return { files: [...files, state], ids, size: text.length };
}

function declare(number: number, count: number): string {
  return `resource "vkcs_compute_instance" "web_${String(number)}" {
  count           = ${String(count)}
  name            = "web-\${count.index}"
  security_groups = [data.vkcs_networking_secgroup.web["a}"].id] # }
  network {
    uuid = vkcs_networking_network.web.id
  }
  user_data = <<-EOT
    resource "vkcs_compute_instance" "not_a_block" {
  EOT
}
`;
}

function instance(random: Random, index: number, bytes: number): { readonly attributes: { readonly id: string } } {
  const network = Array.from({ length: 3 }, () => ({
    uuid: random.uuid(),
    port: random.uuid(),
    fixed_ip_v4: '10.0.0.5',
  }));
  const attributes = {
    id: random.uuid(),
    name: `web-${String(index)}`,
    network,
    security_group_ids: [random.uuid()],
    block_device: [{ uuid: random.uuid(), boot_index: 0, volume_size: 20 }],
    all_metadata: {} as Record<string, string>,
  };
  // As laid out in a state; the rest of an instance takes about 1,400 bytes.
  for (let key = 0; key < (bytes - 1400) / 56; key++)
    attributes.all_metadata[`key_${String(key)}`.padEnd(10)] = 'some value of 24 letters';
  return { index_key: index, schema_version: 0, attributes, sensitive_attributes: [], private: 'eyJzY2hlbWEi' } as {
    attributes: { id: string };
  };
}
