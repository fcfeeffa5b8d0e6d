import type { ResourceGroup } from '../../history/history';
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
