// The room's one door. Load it with import() when the first request is made: it brings undici, half a megabyte of it.
export { createAuditSource, type Attempt, type AuditOptions } from './auditSource';
export { checkAccess } from './checkAccess';
export { getResource } from './getResource';
export { Keystone, type Issued, type KeystoneOptions, type Project } from './keystone';
export type { Network } from './network';
export { readProxyRules } from './proxy';
export { readSystemCa } from './systemCa';
export { rescope, signIn, type SignInOptions } from './signIn';
export { testConnection, type TestOptions } from './testConnection';
