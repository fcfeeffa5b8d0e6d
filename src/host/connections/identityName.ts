import { l10n } from 'vscode';
import type { Identity } from '../../core/openstack/credentials';

/** Who signs in, for people. */
export function identityName(identity: Identity): string {
  if (identity.kind === 'token') return l10n.t('with a token');
  const credential = identity.kind === 'password' ? undefined : (identity.name ?? identity.id);
  return credential ?? identity.user?.name ?? identity.user?.id ?? '';
}
