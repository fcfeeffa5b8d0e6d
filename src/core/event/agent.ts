/** What kind of program made the call: a guess from its own words, so to be shown as one. */
export type AgentKind = 'terraform' | 'console' | 'cli' | 'sdk' | 'unknown';

export interface Agent {
  readonly kind: AgentKind;
  /** What the program calls itself, for example "Terraform 1.4.0-dev"; '' where it says nothing. */
  readonly name: string;
}

/** Tried in this order: Terraform names gophercloud behind its own name, and the command line names its SDK. */
const signs: readonly (readonly [AgentKind, RegExp])[] = [
  ['terraform', /\b(?:HashiCorp )?(Terraform|OpenTofu)(?:[/ ]v?(\d[\w.+-]*))?/i],
  ['terraform', /\b(terraform-provider-[\w-]+)(?:[/ ]v?(\d[\w.+-]*))?/i],
  ['terraform', /\b(Pulumi|Crossplane)(?:[/ ]v?(\d[\w.+-]*))?/i],
  [
    'cli',
    /\b(openstackclient|python-[a-z]+client|[a-z]+client|osc-lib|curl|Wget|HTTPie|PowerShell)(?:[/ ]v?(\d[\w.+-]*))?/i,
  ],
  ['sdk', /\b(gophercloud|openstacksdk|keystoneauth1|openstack4j|jclouds|fog|Packer|Ansible)(?:[/ ]v?(\d[\w.+-]*))?/i],
  ['console', /\b(axios)(?:[/ ]v?(\d[\w.+-]*))?/i],
  ['console', /\b(Edg|OPR|YaBrowser|Firefox)\/([\w.]+)/],
  ['console', /\b(Chrome)\/([\w.]+)/],
  ['console', /\b(?:Version\/([\w.]+) (?:Mobile\/\w+ )?)(Safari)\b/],
  ['console', /^(Mozilla)\/([\w.]+)/],
  [
    'sdk',
    /\b(python-requests|python-urllib3?|urllib3|Go-http-client|okhttp|Apache-HttpClient|node-fetch|undici|aiohttp|Java|Ruby|reqwest)(?:[/ ]v?(\d[\w.+-]*))?/i,
  ],
];

const spokenNames: Readonly<Record<string, string>> = { Edg: 'Edge', OPR: 'Opera', YaBrowser: 'Yandex Browser' };

/** Reads a `user_agent`. The vendor's console calls with axios or as the browser itself [inferred]. */
export function agentKind(userAgent: string): Agent {
  for (const [kind, sign] of signs) {
    const found = sign.exec(userAgent);
    if (!found) continue;
    const [, first = '', second = ''] = found;
    const [name, version] = second === 'Safari' ? [second, first] : [first, second];
    return { kind, name: `${spokenNames[name] ?? name} ${version}`.trim() };
  }
  return { kind: 'unknown', name: userAgent.trim() };
}
