import { l10n, QuickPickItemKind, ThemeIcon, type QuickPickItem } from 'vscode';
import { kindOf } from '../../core/openstack/cloudValues';
import type { Message } from '../../core/base/message';
import { visibleText } from '../../core/base/visibleText';
import type { Flow } from '../ui/flow';
import { translate } from '../ui/translate';
import type { SignInDraft } from './signInDraft';
import { fieldsOf, type FieldName } from './signInFields';

interface Item extends QuickPickItem {
  readonly field?: FieldName;
  readonly isGo?: boolean;
}

/** Shows what would be sent where; each line can be changed. Ends once it is agreed to, what is missing is asked for and the sign-in succeeded. */
export async function reviewDraft(flow: Flow, draft: SignInDraft, notes: readonly Message[]): Promise<void> {
  await flow.choice<Item>({
    placeholder: l10n.t('This is what would be used. Choose a line to change it.'),
    items: () => itemsOf(draft, notes),
    accept: async ({ field, isGo }, signal) => {
      if (field) await draft.ask(flow, field);
      if (!isGo) return false;
      const missing = draft.missing();
      for (const name of missing) {
        const isLast = name === missing.at(-1);
        await draft.ask(flow, name, isLast ? (inner) => draft.signIn(flow, inner) : undefined);
      }
      if (missing.length === 0) await draft.signIn(flow, signal);
      return true;
    },
  });
}

function itemsOf(draft: SignInDraft, notes: readonly Message[]): Item[] {
  const missing = new Set(draft.missing());
  const { auth_url: authUrl = '' } = draft.values;
  const host = URL.canParse(authUrl) ? new URL(authUrl).host : visibleText(authUrl, 60);
  const go = authUrl === '' ? l10n.t('Use it') : l10n.t('Sign in at {0}', host);
  return [
    { label: go, iconPath: new ThemeIcon('check'), isGo: true },
    { label: '', kind: QuickPickItemKind.Separator },
    ...fieldsOf[kindOf(draft.values)].map((name): Item => {
      const { isSecret, label, read } = draft.fields[name];
      const value = read(draft.values);
      const usual = missing.has(name) ? l10n.t('is asked for') : l10n.t('from Keystone');
      const known = isSecret ? l10n.t('known') : visibleText(value, 120);
      return { label, iconPath: new ThemeIcon('edit'), description: value === '' ? usual : known, field: name };
    }),
    ...notes.map((note): Item => ({ label: translate(note), iconPath: new ThemeIcon('info') })),
  ];
}
