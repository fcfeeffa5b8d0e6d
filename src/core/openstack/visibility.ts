import { message, type Message } from '../base/message';
import type { Requester } from './requester';

/** How much of a project's log a user may see; `unknown` where nobody tells. */
export type Visibility = 'all' | 'partial' | 'unknown';

/**
 * Which events of the log each role shows, by its technical name and by its title. From the vendor's documentation, "Roles and
 * permissions", section "Cloud Audit" (cloud.vk.com/docs/en/tools-for-using-services/account/concepts/rolesandpermissions).
 * It is written for the console; that the API filters alike is likely, and not said. `none`: the log does not open.
 */
const table: readonly (readonly [name: string, title: string, shows: 'all' | 'own service' | 'none'])[] = [
  ['mcs_owner', 'project owner', 'all'],
  ['mcs_co_owner', 'super administrator', 'all'],
  ['mcs_admin', 'project administrator', 'all'],
  ['mcs_viewer', 'viewer', 'all'],
  ['mcs_admin_vm', 'administrator', 'all'],
  ['mcs_admin_vm_junior', 'junior administrator', 'all'],
  ['mcs_admin_security', 'IAM administrator', 'own service'],
  ['mcs_admin_billing', 'billing administrator', 'own service'],
  ['mcs_admin_network', 'network administrator', 'own service'],
  ['mcs_k8s_admin', 'Kubernetes administrator', 'own service'],
  ['mcs_k8s_editor', 'Kubernetes operator', 'own service'],
  ['mcs_k8s_viewer', 'Kubernetes auditor', 'own service'],
  ['mcs_operator_vm', 'VM operator', 'none'],
  ['mcs_admin_network_security', 'network security administrator', 'none'],
  ['mcs_admin_network_objects', 'internal networks administrator', 'none'],
];

const shownBy = new Map(table.flatMap(([name, title, shows]) => [name, title].map((role) => [plain(role), shows])));

/** The rights of several roles add up. A role that the table does not have may show anything. */
export function visibilityOf(requester: Requester | undefined): Visibility {
  const shown = (requester?.roles ?? []).map((role) => shownBy.get(plain(role)));
  if (shown.includes('all')) return 'all';
  return shown.length === 0 || shown.includes(undefined) ? 'unknown' : 'partial';
}

/** What a user may see, for people. */
export function visibilityText(requester: Requester | undefined): Message {
  if (!requester) return message('It is not known whose the token is, nor how much of the log it shows.');
  const roles = requester.roles.join(', ') || '–';
  const visibility = visibilityOf(requester);
  if (visibility === 'all') return message('The roles of this user ({0}) show all events of the project.', roles);
  return visibility === 'partial'
    ? message('The roles of this user ({0}) show a part of the events only.', roles)
    : message('It is not known how much of the log the roles of this user ({0}) show.', roles);
}

/** As Keystone, people and programs write it: `network_admin`, `Network Administrator`. */
function plain(role: string): string {
  return role
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '_')
    .replace('administrator', 'admin');
}
