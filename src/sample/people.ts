import { Random } from './random';
import type { Actor } from './tape';

const browser = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Safari/537.36';
const userId = (name: string) => new Random(`user ${name}`).hex(32);
const actor = (name: string, agent: string): Actor => ({ id: userId(name), email: `${name}@example.test`, agent });
const service = (name: string, agent?: string): Actor => ({
  id: userId(name),
  ...(agent === undefined ? {} : { agent }),
});

/** The OpenStack id of the sample's project. */
export const projectId = new Random('project').hex(32);

export const ivan = actor('ivan', 'python-novaclient');
export const ivanConsole = actor('ivan', browser);
export const olga = actor('olga', 'axios/1.7.2');
export const olgaBrowser = actor('olga', browser);
export const olgaCli = actor('olga', 'openstacksdk/3.0.0 keystoneauth1/5.6.0 python-requests/2.31.0 CPython/3.11.9');
export const ciBot = actor('ci-bot', 'gophercloud/2.0.0');
export const terraform = service(
  'terraform',
  'HashiCorp Terraform/1.9.5 (+https://www.terraform.io) Terraform Plugin SDK/2.34.0 gophercloud/2.0.0',
);
export const autoscaler = service('autoscaler', 'cluster-autoscaler/1.30.2 gophercloud/2.0.0');
export const storageDriver = service('autoscaler', 'cinder-csi-plugin/1.30.0 gophercloud/2.0.0');
export const backupService = service('backup');
