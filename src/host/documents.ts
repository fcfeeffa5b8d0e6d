import {
  commands,
  EventEmitter,
  l10n,
  languages,
  Uri,
  window,
  workspace,
  type TextDocument,
  type TextDocumentContentProvider,
} from 'vscode';
import type { BodyPart } from '../core/body';
import type { EventSummary } from '../core/event';
import { Owner } from '../core/lifecycle';
import { visibleText } from '../core/visibleText';
import type { Session } from './session';
import { onDidChangeSetting, setting } from './settings';

const scheme = 'activity-log';

/** What a document shows; it is the query of its address, so an editor restored after a reload finds it again. */
interface Address {
  readonly connection: string;
  readonly key: string;
  readonly part: BodyPart;
  readonly sortKeys?: boolean;
}

/** How many answers of services are kept for their open documents. */
const keptAnswers = 50;

/** Read-only documents: the bodies of events, and answers of services. */
export class Documents extends Owner implements TextDocumentContentProvider {
  readonly #changed = this.own(new EventEmitter<Uri>());
  readonly onDidChange = this.#changed.event;
  readonly #answers = new Map<string, string>();
  #answerCount = 0;

  constructor(private readonly session: Session) {
    super();
    this.own(workspace.registerTextDocumentContentProvider(scheme, this));
    this.own(onDidChangeSetting(['redactSecrets'], () => this.#refresh()));
  }

  /** The address of a part of an event, named after it. */
  uri(summary: EventSummary, part: BodyPart, options: { readonly sortKeys?: boolean } = {}): Uri {
    const address: Address = { connection: this.session.connection?.id ?? '', key: summary.key, part, ...options };
    const name = `${visibleText(summary.action, 60) || 'event'} ${part} ${visibleText(summary.timestamp, 40)}`.replace(
      /[/\\:?#]/g,
      '-',
    );
    return Uri.from({ scheme, path: `/${name}.json`, query: JSON.stringify(address) });
  }

  /** A document with the answer of a service; it lasts as long as the window. */
  answer(name: string, text: string): Uri {
    const path = `/${++this.#answerCount}/${name.replace(/[/\\:?#]/g, '-')}`;
    this.#answers.set(path, text);
    const [oldest] = this.#answers.keys();
    if (this.#answers.size > keptAnswers && oldest !== undefined) this.#answers.delete(oldest);
    return Uri.from({ scheme, authority: 'answer', path });
  }

  async provideTextDocumentContent(uri: Uri): Promise<string> {
    if (uri.authority === 'answer') {
      return this.#answers.get(uri.path) ?? l10n.t('This answer was not kept. Ask the service again from the event.');
    }
    const address = JSON.parse(uri.query) as Address;
    const history = await this.session.requireHistory();
    if (this.session.connection?.id !== address.connection) {
      return l10n.t('This event belongs to another connection. Switch to that connection to see it.');
    }
    const body = await history.body(address.key, address.part, {
      redact: setting('redactSecrets'),
      sortKeys: address.sortKeys ?? false,
    });
    return body?.text ?? l10n.t('The event is not stored any more. Load the time range again.');
  }

  #refresh(): void {
    for (const document of workspace.textDocuments) {
      if (document.uri.scheme === scheme) this.#changed.fire(document.uri);
    }
  }
}

/** Opens a read-only document as a preview; text that is not JSON is shown as plain text. */
export async function showDocument(uri: Uri): Promise<void> {
  let document: TextDocument;
  try {
    document = await workspace.openTextDocument(uri);
  } catch {
    // Beyond 50 MB VS Code shows a document, but lets no extension have it.
    await commands.executeCommand('vscode.open', uri, { preview: true });
    return;
  }
  await window.showTextDocument(await asPlainText(document), { preview: true });
}

async function asPlainText(document: TextDocument): Promise<TextDocument> {
  const start = document.getText().trimStart().charAt(0);
  return start === '{' || start === '[' ? document : languages.setTextDocumentLanguage(document, 'plaintext');
}
