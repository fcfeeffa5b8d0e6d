import { explainError, explainProxyStatus } from '../../../src/api/explainError';
import { looksLikeHtml, quoteRefusal } from '../../../src/api/quoteRefusal';
import { beginningOf, presentBody, presentBodyUpTo, presentText, revealSecret } from '../../../src/core/event/body';
import { auditEndpoints, movedLog, readCatalog, servicesOf } from '../../../src/core/openstack/catalog';
import { findChangedPaths } from '../../../src/core/diff/changedPaths';
import { findChangedValues, nameChange } from '../../../src/core/diff/changedValues';
import { keepKnown, toCredentials } from '../../../src/core/openstack/cloudValues';
import { readClouds } from '../../../src/credentials/cloudsYaml';
import { writeReport } from '../../../src/core/format/connectionReport';
import { curlCommand } from '../../../src/core/format/curl';
import { RequestError, UserError } from '../../../src/core/base/errors';
import type { ActivityEvent } from '../../../src/core/event/event';
import type { Expression } from '../../../src/terraform/syntax/hclExpression';
import { fieldChanges } from '../../../src/core/event/fieldChanges';
import { format, message } from '../../../src/core/base/message';
import { readEnvironment } from '../../../src/credentials/openrc';
import { JsonScanner } from '../../../src/core/json/jsonScanner';
import { findSecrets, maskSecrets } from '../../../src/core/redact/redact';
import { secretsOf } from '../../../src/core/event/redactEvent';
import { summaryOf } from '../../../src/core/event/summaryOf';
import { parseSearch } from '../../../src/core/search/search';
import { matches } from '../../../src/core/search/searchEvaluate';
import { findIn } from '../../../src/core/redact/secretJson';
import { findInText } from '../../../src/core/redact/secretText';
import { findValues, noteValues } from '../../../src/core/redact/secretValues';
import { createBudget } from '../../../src/core/diff/sequenceDiff';
import { readHcl } from '../../../src/terraform/syntax/hcl';
import { readImport } from '../../../src/terraform/syntax/terraformImports';
import { readProviders } from '../../../src/credentials/terraformProvider';
import { DelimitedRows } from '../../../src/export/read/delimitedRows';
import { JsonItems } from '../../../src/export/read/jsonItems';
import { sheetRows } from '../../../src/export/write/sheetRows';
import { slices } from '../../../src/export/write/slices';
import { termPattern } from '../../../src/history/query/termPattern';
import { openLargePage } from '../../../src/history/ingest/largePage';
import { preparePage } from '../../../src/history/ingest/preparePage';
import { splitRecords } from '../../../src/history/ingest/splitRecords';
import { readAttributes } from '../../../src/terraform/readAttributes';
import { findDifference } from '../../../webview/model/difference';
import { placeAt } from '../../../webview/model/jsonPlace';
import { findLinks } from '../../../webview/editor/links';
import { diffText } from '../../../webview/model/textDiff';
import type { Work } from './growth';

const say = format;
const bytes = (text: string) => new TextEncoder().encode(text);
const hidden = new Map([['hunter2hunter2', 'password']]);

/** JSON that holds the text as name and value, in pieces, and under one name again and again. */
function jsonOf(text: string): string {
  const pieces = piecesOf(text).map((piece) => JSON.stringify(piece));
  return `{${pieces.map((piece) => `"a": ${piece}, `).join('')}${JSON.stringify(text)}: [${pieces.join()}]}`;
}

/** An event that is the text through and through, and one with the text where such a call has it. */
function eventsOf(text: string): ActivityEvent[] {
  const wild = Object.fromEntries(
    'timestamp source action success method uri user_email user_id user_agent request_id event_id request_body response_body'
      .split(' ')
      .map((field) => [field, text]),
  );
  const server = { id: text, name: text, metadata: { [text]: text }, adminPass: text.slice(0, 20) };
  const call = {
    timestamp: '2021-07-16T13:13:20Z',
    source: 'nova',
    action: 'create-server',
    success: 'no',
    method: 'POST',
    uri: `/v2.1/servers?name=${text}`,
    event_id: 'a',
    request_body: JSON.stringify({ server }),
    response_body: `{"badRequest": {"message": ${JSON.stringify(text)}}}`,
  };
  return [wild, call];
}

/** What a parameter of a type is given; a list of one for each call. */
export const given: Readonly<Record<string, (text: string) => readonly unknown[]>> = {
  string: (text) => [text],
  'string | undefined': (text) => [text],
  unknown: (text) => [text],
  Json: (text) => [text],
  'Json | undefined': (text) => [text],
  Uint8Array: (text) => [bytes(text)],
  ActivityEvent: eventsOf,
  'readonly ActivityEvent[]': (text) => [eventsOf(text)],
  BodyPart: () => ['request', 'response'],
  'readonly string[]': (text) => [[text], piecesOf(text)],
  'readonly (string | undefined)[]': (text) => [piecesOf(text)],
  'ReadonlySet<string>': () => [new Set(['name'])],
  'readonly Certificate[]': () => [[]],
  number: () => [1],
  boolean: () => [true],
  Zone: () => ['utc'],
  EventField: () => ['request_body'],
  "'write' | 'read'": () => ['read'],
  HashSort: () => ['key'],
  SecretValues: () => [hidden],
  '(text: Message) => string': () => [say],
  '(text: string) => string': () => [(text: string) => text],
  'Uint32Array | undefined': () => [undefined],
  '{ readonly port: string; readonly project: string }': () => [{ port: '1', project: '0' }],
  ServiceContext: () => [{ endpoint: { url: 'https://mcs.mail.ru/auditlogs/v1/0', projectId: '0' }, serviceUrls: {} }],
};

const piecesOf = (text: string): string[] => text.match(/[^]{1,8}/g) ?? [];

/** Functions with text that are not fed, by the reason. */
export const unfed: Readonly<Record<string, readonly string[]>> = {
  'It hands the text on as it is, compares it, or asks what is the database’s.': [
    'src/core/narrative/calls/callTable.ts matchCall',
    'src/host/ui/settingDefaults.ts isSettingValue',
    'src/export/write/biff.ts globalRecords',
    'src/export/write/xlsxParts.ts workbookParts',
    'src/history/db/lease.ts acquireLease',
    'src/history/db/lease.ts releaseLease',
    'src/history/db/lease.ts renewLease',
    'src/history/db/coverage.ts readCoverage',
    'src/history/db/coverage.ts addCoverage',
    'src/history/db/metadata.ts readMetadata',
    'src/history/db/metadata.ts writeMetadata',
    'src/history/load/pageRequests.ts isFailure',
    'src/host/ui/arguments.ts argument',
    'src/host/ui/prompts.ts problem',
    'src/terraform/openIndex.ts openIndex',
    'src/host/ui/arguments.ts choiceArgument',
    'src/host/ui/arguments.ts flagArgument',
    'src/host/ui/arguments.ts textArgument',
    'src/host/tree/groups.ts hourRows',
    'src/protocol/panelActions.ts readArgument',
    'src/terraform/code.ts keyOf',
  ],
  'It puts together what functions give that are fed here.': [
    'src/core/format/changesMarkdown.ts changesMarkdown',
    'src/core/format/eventLink.ts writeEventLink',
    'src/core/format/eventMarkdown.ts eventMarkdown',
    'src/core/event/body.ts fitBody',
    'src/core/event/body.ts maskBody',
    'src/core/event/redactEvent.ts redactSummary',
    'src/core/redact/redact.ts join',
    'src/export/read/workbook.ts heldParts',
    'src/core/narrative/resourceName.ts completeStory',
    'src/history/query/matcher.ts demanded',
    'src/host/code/activityText.ts agentText',
    'src/terraform/imports.ts readImports',
    'src/terraform/instance.ts makeInstance',
  ],
  'It reads a part of what findInText is given, which is fed here.': [
    'src/core/redact/secretBlocks.ts readBlock',
    'src/core/redact/secretBlocks.ts readFormPart',
    'src/core/redact/secretChpasswd.ts readChpasswd',
    'src/core/redact/secretNamed.ts readNamed',
    'src/core/redact/secretValue.ts readPattern',
    'src/core/redact/secretValue.ts readValue',
  ],
  'It takes nodes of two texts, as findChangedPaths gives them to it.': [
    'src/core/diff/matchItems.ts matchByIdentity',
    'src/core/diff/matchItems.ts matchByPlace',
  ],
  'It needs the page; its expressions are tried as all are.': [
    'webview/editor/bodyEditor.ts createBodyEditor',
    'webview/parts/copyButton.ts createCopyButton',
    'webview/views/pageActions.ts createActions',
    'webview/dom.ts element',
    'webview/editor/editor.ts jsonSupport',
    'webview/model/language.ts createLanguage',
    'webview/editor/prepareText.ts prepareText',
    'webview/editor/secretMasks.ts secretMasks',
    'webview/toolkit.ts createCheckbox',
    'webview/toolkit.ts createDropdown',
    'webview/toolkit.ts createTabs',
    'webview/parts/toolbar.ts createToolbar',
    'webview/model/unifiedText.ts unifyTexts',
    'webview/views/viewBody.ts createBodyView',
    'webview/views/viewChanges.ts createChangesView',
  ],
};

function catalogOf(text: string): unknown[] {
  const pieces = [text, ...piecesOf(text)];
  return pieces.map((piece, index) => ({
    type: `${piece}${index % 2 === 0 ? index : ''}`,
    name: 'audit',
    endpoints: [{ interface: 'public', region: piece, url: `https://a/${piece}` }],
  }));
}

const bodyOf = (text: string) => ({ kind: 'text', text, secrets: findSecrets(text) }) as const;
const options = { redact: true, sortKeys: true, openStrings: true, pretty: true };

/** How those are fed that take more than text, by file and name. */
export const fed: Readonly<Record<string, Work>> = {
  'src/api/explainError.ts explainError': (text) => explainError(Object.assign(new Error(text), { code: text }), text),
  'src/api/explainError.ts explainProxyStatus': (text) => [
    explainProxyStatus(407, text, text, { host: 'a' } as never),
    explainProxyStatus(502, text, text, { host: 'a' } as never),
  ],
  'src/api/quoteRefusal.ts looksLikeHtml': (text) => looksLikeHtml(text, bytes(text)),
  'src/api/quoteRefusal.ts quoteRefusal': (text) =>
    ['text/html', 'application/json'].map((type) =>
      quoteRefusal({ headers: { 'content-type': type }, body: bytes(text) }, ['hunter2hunter2']),
    ),
  'src/core/event/body.ts beginningOf': (text) => beginningOf(bodyOf(text), 1000),
  'src/core/event/body.ts presentBody': (text) => presentBody(eventsOf(text)[1]!, 'event', options),
  'src/core/event/body.ts presentText': (text) => presentText(text, options),
  'src/core/event/body.ts presentBodyUpTo': (text) =>
    eventsOf(text).map((event) => presentBodyUpTo(event, 'response', options, 1e9)),
  'src/core/event/body.ts revealSecret': (text) => revealSecret(eventsOf(text)[1]!, 'request', options, 0),
  'src/core/openstack/catalog.ts auditEndpoints': (text) => auditEndpoints(readCatalog(catalogOf(text)), undefined),
  'src/core/openstack/catalog.ts movedLog': (text) => {
    const catalog = readCatalog(catalogOf(text));
    return movedLog(text, catalog, catalog, undefined);
  },
  'src/core/openstack/catalog.ts readCatalog': (text) => readCatalog(catalogOf(text)),
  'src/core/openstack/catalog.ts servicesOf': (text) => servicesOf(readCatalog(catalogOf(text)), undefined),
  'src/core/diff/changedPaths.ts findChangedPaths': (text) => {
    const { changes } = findChangedPaths(jsonOf(text), jsonOf(`${text} `), true, createBudget());
    return changes.map(({ left }) => left?.known);
  },
  'src/core/diff/changedValues.ts toCompared': (text) =>
    findChangedValues({ text: jsonOf(text), masks: [] }, { text: jsonOf(`${text}a`), masks: [] }),
  'src/core/diff/changedValues.ts nameChange': (text) =>
    nameChange({ kind: 'added', path: text, steps: [], left: undefined, right: undefined }, text, text),
  'src/core/openstack/cloudValues.ts keepKnown': (text) => {
    const values = keepKnown({ auth_url: text, username: text, password: text, audit_endpoint_override: text });
    return toCredentials({ ...values, auth_url: `https://a/${text}` });
  },
  'src/credentials/cloudsYaml.ts readClouds': (text) =>
    readClouds({
      clouds: { clouds: { [text]: { auth: { auth_url: text, username: text }, region_name: text } } },
      secure: undefined,
      profiles: undefined,
    }),
  'src/core/format/connectionReport.ts writeReport': (text) =>
    writeReport(message('{0}', text), [[message('{0}', text), text]], [], say),
  'src/core/format/curl.ts curlCommand': (text) => curlCommand('POST', `/${text}`, bodyOf(text), say),
  'src/core/redact/describeError.ts describeError': (text) => new UserError(message('{0} {0}', text)).message,
  'src/core/redact/describeError.ts outwardError': (text) => new RequestError('server', message('{0}', text)).message,
  'src/core/event/fieldChanges.ts fieldChanges': (text) => {
    const [wild, call] = eventsOf(text) as [ActivityEvent, ActivityEvent];
    return fieldChanges({ ...call, method: 'PUT', success: 'yes' }, [wild, call]);
  },
  'src/core/base/message.ts message': (text) => format(message(text, text)),
  'src/credentials/openrc.ts readEnvironment': (text) => readEnvironment({ OS_AUTH_URL: text, OS_USERNAME: text }),
  'src/core/json/jsonScanner.ts JsonScanner': (text) => {
    const scanner = new JsonScanner(text);
    while (scanner.next());
  },
  'src/core/redact/redact.ts maskSecrets': (text) => maskSecrets(text, findSecrets(text)),
  'src/core/event/redactEvent.ts secretsOf': (text) => eventsOf(text).map(secretsOf),
  'src/core/event/summaryOf.ts summaryOf': (text) => eventsOf(text).map((event) => summaryOf(event, undefined)),
  'src/core/search/searchEvaluate.ts matches': (text) =>
    eventsOf(text).map((event) => matches({ type: 'text', value: text.slice(0, 50) }, event)),
  'src/core/search/search.ts parseSearch': (text) => parseSearch(text, new Set(['a'])),
  'src/core/redact/secretJson.ts findIn': (text) => findIn(text, undefined, 0, '', []),
  'src/core/redact/secretText.ts findInText': (text) =>
    findInText(text, 0, { found: () => undefined, inside: () => undefined, hides: () => false }),
  'src/core/redact/secretValues.ts findValues': (text) =>
    findValues(text, new Map([...hidden, [text.slice(0, 9), 'a']])),
  'src/core/redact/secretValues.ts noteValues': (text) =>
    noteValues(text, [{ start: 0, end: Math.min(text.length, 4000), path: text }], new Map()),
  'src/terraform/syntax/hcl.ts readHcl': (text) => readHcl(text, ['a', 'import']),
  'src/terraform/syntax/terraformImports.ts readImport': (text) => [
    ...readImport(
      'a.b[each.key]',
      new Map<string, Expression>([
        ['id', { kind: 'text', parts: [text, { kind: 'reference', path: ['each', 'value'] }] }],
        ['for_each', { kind: 'set', items: piecesOf(text).map((piece) => ({ kind: 'text', parts: [piece] })) }],
      ]),
      0,
    ),
  ],
  'src/credentials/terraformProvider.ts readProviders': (text) =>
    readProviders([
      { name: 'a.tf', text },
      { name: 'a.tf.json', text },
      { name: 'terraform.tfvars', text },
    ]),
  'src/export/read/delimitedRows.ts DelimitedRows': (text) => {
    const rows = new DelimitedRows(',');
    return [...rows.push(text), ...rows.finish()];
  },
  'src/export/read/jsonItems.ts JsonItems': (text) => {
    const items = new JsonItems();
    return [...items.push(text), items.finish()];
  },
  'src/export/write/sheetRows.ts sheetRows': (text) => eventsOf(text).map((event) => [...sheetRows(event, 256)]),
  'src/export/write/slices.ts slices': (text) => [...slices(text, 1000)],
  'src/history/ingest/largePage.ts openLargePage': (text) => openLargePage(bytes(`{"logs":[${text}`)),
  'src/history/query/termPattern.ts termPattern': (text) => termPattern(text.slice(0, 300))(text),
  'src/history/ingest/preparePage.ts preparePage': (text) => preparePage(bytes(`{"logs":[${text}`)),
  'src/history/ingest/splitRecords.ts splitRecords': (text) => splitRecords(bytes(text), text, eventsOf('a')),
  'src/terraform/readAttributes.ts readAttributes': (text) =>
    readAttributes({ id: text, [text]: text, a_ids: [text] }, new Set(), (kept) => kept),
  'webview/model/jsonPlace.ts placeAt': (text) => placeAt(text, text.length),
  'webview/editor/links.ts findLinks': (text) => findLinks(text),
  'webview/model/textDiff.ts diffText': (text) => diffText(text, `${text}a`),
  'webview/model/difference.ts findDifference': (text) =>
    findDifference({
      left: { text: jsonOf(text), masks: [] },
      right: { text: jsonOf(`${text}a`), masks: [] },
      json: true,
      match: true,
    }),
};
