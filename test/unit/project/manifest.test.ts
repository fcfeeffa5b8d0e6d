import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { menuCommands, panelActions, type ActionId } from '../../../src/protocol/panelActions';

interface Item {
  readonly command: string;
  readonly when?: string;
}

interface Manifest {
  readonly contributes: {
    readonly commands: readonly Item[];
    readonly menus: Readonly<Record<string, readonly Item[]>>;
    readonly viewsWelcome: readonly { readonly contents: string; readonly when: string }[];
    readonly configuration: { readonly properties: Readonly<Record<string, { readonly scope?: string }>> };
  };
}

const { contributes } = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => readFileSync(path.join('src', file), 'utf8'))
  .join('\n');
const commands = contributes.commands.map((item) => item.command);

/** Where else than on the page of an event its actions are offered. */
const offered: Readonly<Record<ActionId, readonly ('palette' | 'tree')[]>> = {
  openBody: ['palette'],
  compareEvents: ['palette'],
  goToUri: ['palette'],
  showResourceHistory: ['palette', 'tree'],
  showCode: [],
  setFilter: ['palette'],
  copyText: [],
  copyField: [],
  copyBody: [],
  copyCurl: ['palette', 'tree'],
  copyMarkdown: ['palette', 'tree'],
  copyLink: ['palette', 'tree'],
};

describe('Manifest', () => {
  it('has a handler for each command', () => {
    for (const command of commands) {
      const name = command.replace('activityLog.', '');
      if ((menuCommands as readonly string[]).includes(name)) continue; // one handler for all of them
      assert.match(sources, new RegExp(`^ {4,8}(?:async )?${name}(?:: |,$)`, 'm'), command);
    }
  });

  it('names only its own commands in menus and welcome texts', () => {
    const texts = Object.values(JSON.parse(readFileSync('package.nls.json', 'utf8')) as Record<string, string>);
    const linked = texts.flatMap((text) => [...text.matchAll(/command:(activityLog\.\w+)/g)].map(([, id]) => id ?? ''));
    const shown = Object.values(contributes.menus).flatMap((items) => items.map((item) => item.command));
    for (const command of [...shown, ...linked]) assert.ok(commands.includes(command), command);
  });

  it('offers the actions of the page as commands, too', () => {
    const { commandPalette = [], 'view/item/context': tree = [] } = contributes.menus;
    for (const name of Object.keys(panelActions) as ActionId[]) {
      const command = `activityLog.${name}`;
      const isIn = (items: readonly Item[]): boolean => items.some((item) => item.command === command);
      const hidden = isIn(commandPalette.filter(({ when }) => when === 'false'));
      const places = [...(commands.includes(command) && !hidden ? ['palette'] : []), ...(isIn(tree) ? ['tree'] : [])];
      assert.deepEqual(places, offered[name], name);
    }
  });

  it('offers what a body’s context menu does there, and nowhere else', () => {
    const own: readonly string[] = menuCommands.map((name) => `activityLog.${name}`);
    const { commandPalette = [], ...menus } = contributes.menus;
    const bodyMenu = (menus['webview/context'] ?? []).filter(({ when }) => !when?.includes("== 'event'"));
    assert.deepEqual(bodyMenu.map(({ command }) => command).sort(), [...own].sort());
    const hidden = commandPalette.filter(({ when }) => when === 'false').map(({ command }) => command);
    const elsewhere = Object.entries(menus).filter(([menu]) => menu !== 'webview/context');
    for (const command of own) {
      assert.ok(hidden.includes(command), command);
      assert.ok(!elsewhere.some(([, items]) => items.some((item) => item.command === command)), command);
    }
  });

  it('has a welcome text for each state of an empty view', () => {
    const states = contributes.viewsWelcome.map(({ when }) => /'(\w+)'/.exec(when)?.[1]).sort();
    const declared = /export type ViewState =([^;]+);/.exec(sources)?.[1]?.match(/\w+/g) ?? [];
    assert.deepEqual(states, declared.filter((state) => state !== 'ready').sort());
  });

  it('uses only context keys that the extension sets', () => {
    const used = JSON.stringify(contributes.menus).matchAll(/activityLog\.(connection|\w+)(?= |=|"|\))/g);
    const keys = [...used].map(([, key]) => key ?? '').filter((key) => !commands.includes(`activityLog.${key}`));
    for (const key of keys.filter((name) => name !== 'events')) {
      const set = `setContext\\('${key}'|'setContext', 'activityLog.${key}'|const contexts = {[^}]*\\b${key}:`;
      assert.match(sources, new RegExp(set), key);
    }
  });

  it('reads no setting from a workspace', () => {
    for (const [name, { scope }] of Object.entries(contributes.configuration.properties)) {
      assert.equal(scope, name === 'activityLog.codeLens' ? 'resource' : 'application', name);
    }
  });

  it('reads every setting it declares', () => {
    for (const name of Object.keys(contributes.configuration.properties)) {
      const key = name.replace('activityLog.', '');
      assert.ok(new RegExp(`setting\\('${key.replace('.', '\\.')}'[,)]`).test(sources), `${name} is never read`);
    }
  });
});
