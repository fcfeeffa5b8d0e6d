import type { ResourceGroup } from '../../history/history';
import type { CodeBlock } from '../session/choices';
import type { StateResource, StateSource } from '../../protocol/terraform';

/** The resources as one group; those whose ids are not known are left out. */
export function groupOf(resources: readonly StateResource[]): ResourceGroup {
  return { resources: resources.map(({ ids }) => ids).filter((ids) => ids.length > 0) };
}

/** What was changed outside Terraform since the states that know the resources were applied: a group for each state. */
export function outsideGroups(
  resources: readonly StateResource[],
  appliedAt: (source: StateSource) => number | undefined,
): ResourceGroup[] {
  const managed = resources.filter(({ mode }) => mode === 'managed');
  const sources = new Map(managed.map(({ source }) => [source.file, source]));
  return [...sources.values()].flatMap((source) => {
    const outsideSince = appliedAt(source);
    const own = managed.filter((resource) => resource.source.file === source.file);
    return outsideSince === undefined ? [] : [{ ...groupOf(own), outsideSince }];
  });
}

/** The resources by the block that declares them, for their changes outside Terraform. */
export function blocksOf(
  resources: readonly StateResource[],
  appliedAt: (source: StateSource) => number | undefined,
): CodeBlock[] {
  const blocks = new Map<string, StateResource[]>();
  for (const resource of resources) {
    const { module, type, name } = resource;
    const address = [module, type, name].filter((part) => part !== '').join('.');
    const block = blocks.get(address);
    if (block) block.push(resource);
    else blocks.set(address, [resource]);
  }
  return [...blocks]
    .map(([name, own]) => ({ name, groups: outsideGroups(own, appliedAt) }))
    .filter(({ groups }) => groups.length > 0)
    .sort((left, right) => (left.name < right.name ? -1 : 1));
}
