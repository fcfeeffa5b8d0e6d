import assert from 'node:assert/strict';
import { agentKind, type AgentKind } from '../../../../src/core/event/agent';

describe('agentKind', () => {
  const cases: readonly (readonly [userAgent: string, kind: AgentKind, name: string])[] = [
    [
      'HashiCorp Terraform/1.4.0-dev (+https://www.terraform.io) Terraform Plugin SDK/2.10.1 gophercloud/2.0.0',
      'terraform',
      'Terraform 1.4.0-dev',
    ],
    ['HashiCorp Terraform/1.4.0-dev gophercloud/2.0.0', 'terraform', 'Terraform 1.4.0-dev'],
    ['OpenTofu/1.6.2 gophercloud/1.7.0', 'terraform', 'OpenTofu 1.6.2'],
    ['axios/1.4.0', 'console', 'axios 1.4.0'],
    ['Mozilla/5.0 (X11; Linux x86_64) Firefox/119.0', 'console', 'Firefox 119.0'],
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/119.0.0.0 Safari/537.36',
      'console',
      'Chrome 119.0.0.0',
    ],
    [
      'Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/119.0.0.0 Safari/537.36 Edg/119.0.1',
      'console',
      'Edge 119.0.1',
    ],
    [
      'Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.1 Safari/605.1.15',
      'console',
      'Safari 17.1',
    ],
    ['python-novaclient', 'cli', 'python-novaclient'],
    ['openstacksdk/1.0.0 keystoneauth1/5.1.0 python-requests/2.28 CPython/3.10', 'sdk', 'openstacksdk 1.0.0'],
    ['python-openstackclient keystoneauth1/5.1.0 python-requests/2.28', 'cli', 'python-openstackclient'],
    ['osc-lib/2.6.0 keystoneauth1/5.1.0', 'cli', 'osc-lib 2.6.0'],
    ['gophercloud/2.0.0', 'sdk', 'gophercloud 2.0.0'],
    ['Go-http-client/1.1', 'sdk', 'Go-http-client 1.1'],
    ['curl/8.4.0', 'cli', 'curl 8.4.0'],
    ['my own thing', 'unknown', 'my own thing'],
    ['', 'unknown', ''],
  ];
  for (const [userAgent, kind, name] of cases) {
    it(userAgent || '(none)', () => assert.deepEqual(agentKind(userAgent), { kind, name }));
  }
});
