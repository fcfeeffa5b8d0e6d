import {
  commands,
  EventEmitter,
  l10n,
  languages,
  Uri,
  window,
  workspace,
  type DocumentFilter,
  type TextDocument,
  type TextDocumentContentProvider,
} from 'vscode';
import { presentText, type BodyPart } from '../../core/event/body';
import { UserError } from '../../core/base/errors';
import type { EventSummary } from '../../core/event/event';
import { goneText } from '../../core/event/gone';
import { Owner } from '../../core/base/lifecycle';
import { message } from '../../core/base/message';
import { maxShort } from '../../core/redact/redact';
import { visibleText } from '../../core/base/visibleText';
import type { Session } from '../session/session';
import { onDidChangeSetting, setting } from '../ui/settings';
import { translate } from '../ui/translate';

const scheme = 'activity-log';

/** What a document shows; it is the query of its address, so an editor restored after a reload finds it again. */
interface Address {
  readonly connection: string;
  readonly key: string;
  readonly part: BodyPart;
  readonly sortKeys?: boolean;
}

/** What a service answered when it was asked for the resource of an event. */
interface Answer {
  readonly text: string;
  readonly connection: string;
  readonly event: EventSummary;
}

/** How many answers of services are kept for their open documents. */
const keptAnswers = 50;

/** Longer answers (UTF-16 units) are shown as received. */
const maxPretty = 256 * 1024;

const answerAuthority = 'answer';
const reportAuthority = 'report';
const sorted = 'sorted';

/** The documents with answers of services, as they came. */
export const answerSelector: DocumentFilter = { scheme, pattern: '**/now/*' };

/** Read-only documents: the bodies of events, and answers of services. */
export class Documents extends Owner implements TextDocumentContentProvider {
  readonly #changed = this.own(new EventEmitter<Uri>());
  readonly onDidChange = this.#changed.event;
  readonly #answers = new Map<string, Answer>();
  readonly #reports = new Map<string, string>();
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

  /** A document with what a service answered about the resource of `event`; it lasts as long as the window. */
  answer(name: string, text: string, event: EventSummary): Uri {
    const path = `/${++this.#answerCount}/now/${name.replace(/[/\\:?#]/g, '-')}`;
    this.#answers.set(path, { text, connection: this.session.connection?.id ?? '', event });
    const [oldest] = this.#answers.keys();
    if (this.#answers.size > keptAnswers && oldest !== undefined) this.#answers.delete(oldest);
    return Uri.from({ scheme, authority: answerAuthority, path });
  }

  /**
   * What compares a part of the event with the answer that `uri` shows: both with their keys sorted.
   * @throws UserError where there is nothing to compare any more
   */
  async comparison(uri: Uri, part: BodyPart): Promise<{ event: EventSummary; left: Uri; right: Uri }> {
    const answer = this.#answers.get(uri.path) ?? notKept();
    const history = await this.session.requireHistory();
    if (this.session.connection?.id !== answer.connection) throw new UserError(otherConnection);
    const { event } = answer;
    const body = await history.body(event.key, part, { redact: true, pretty: false });
    if (!body || body.text.trim() === '') throw new UserError(message('This event holds no such body.'));
    return { event, left: this.uri(event, part, { sortKeys: true }), right: uri.with({ query: sorted }) };
  }

  /** A document with a report; it lasts as long as the window. */
  report(name: string, text: string): Uri {
    const path = `/${++this.#answerCount}/${name.replace(/[/\\:?#]/g, '-')}`;
    this.#reports.set(path, text);
    return Uri.from({ scheme, authority: reportAuthority, path });
  }

  async provideTextDocumentContent(uri: Uri): Promise<string> {
    if (uri.authority === reportAuthority)
      return this.#reports.get(uri.path) ?? l10n.t('This report was not kept. Test the connection again.');
    const redact = setting('redactSecrets');
    if (uri.authority === answerAuthority) {
      const { text } = this.#answers.get(uri.path) ?? notKept();
      const pretty = text.length <= maxPretty;
      const options = { redact, pretty, sortKeys: pretty && uri.query === sorted };
      if (text.length <= maxShort) return presentText(text, options);
      // Megabytes would hold up the editor here.
      return (await this.session.requireHistory()).presentText(text, options);
    }
    const address = JSON.parse(uri.query) as Address;
    const history = await this.session.requireHistory();
    if (this.session.connection?.id !== address.connection) {
      return translate(otherConnection);
    }
    const body = await history.body(address.key, address.part, {
      redact,
      sortKeys: address.sortKeys ?? false,
    });
    return body?.text ?? translate(goneText);
  }

  #refresh(): void {
    for (const document of workspace.textDocuments) {
      if (document.uri.scheme === scheme) this.#changed.fire(document.uri);
    }
  }
}

const otherConnection = message('This event belongs to another connection. Switch to that connection to see it.');

function notKept(): never {
  throw new UserError(message('This answer was not kept. Ask the service again from the event.'));
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
  return isJson(document) ? document : languages.setTextDocumentLanguage(document, 'plaintext');
}

/** Reads no more than it must: a document may be long. */
function isJson(document: TextDocument): boolean {
  for (let line = 0; line < document.lineCount; line++) {
    const start = document.lineAt(line).text.trimStart().charAt(0);
    if (start !== '') return start === '{' || start === '[';
  }
  return false;
}
