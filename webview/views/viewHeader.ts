import type { Agent } from '../../src/core/event/agent';
import { outcomeTexts } from '../../src/core/event/event';
import { message, type Message } from '../../src/core/base/message';
import { visibleText } from '../../src/core/base/visibleText';
import type { HeaderField } from '../../src/protocol/headerFields';
import type { PanelEvent } from '../../src/protocol/panel';
import { createCopyButton } from '../parts/copyButton';
import { element, icon, redraw, type Child } from '../dom';
import type { Language } from '../model/language';
import type { HostActions } from '../parts/hostActions';
import { createToolbar, type ToolActions } from '../parts/toolbar';

/** A value in the header is cut here; copying gives the whole. */
const longest = 400;

/** The answer first, then who, when and with what, then the way to the code. */
export function createHeader(
  language: Language,
  actions: ToolActions,
): { element: HTMLElement; update(event: PanelEvent, now: number): void; showWords(text: string): void } {
  const told = element('div', { class: 'told' });
  let shown = '';
  const toolbar = createToolbar(language, actions, () => shown);
  return {
    element: element('header', {}, told, toolbar),
    update(event, now) {
      shown = event.key;
      toolbar.hidden = false;
      redraw(told, describeEvent(event, language, actions, now));
    },
    showWords(text) {
      toolbar.hidden = true;
      redraw(told, [element('p', { class: 'words' }, text)]);
    },
  };
}

function describeEvent(event: PanelEvent, language: Language, actions: HostActions, now: number): Child[] {
  return [
    drawTitle(event, language),
    drawFailure(event),
    drawFacts(event, language, actions, now),
    drawAddress(event, language, actions),
  ];
}

function drawTitle({ sentence, outcome }: PanelEvent, { say }: Language): HTMLElement {
  return element(
    'h1',
    {},
    element('bdi', { 'data-testid': 'sentence' }, visibleText(say(sentence), longest)),
    element(
      'span',
      { class: `outcome ${outcome}` },
      icon(outcome),
      element('span', { 'data-testid': 'outcome' }, say(outcomeTexts[outcome])),
    ),
  );
}

function drawFailure({ failure }: PanelEvent): Child {
  if (failure === undefined) return undefined;
  const text = element('bdi', {}, visibleText(failure, longest));
  return element('p', { class: 'failure', 'data-testid': 'failure' }, text);
}

function drawFacts(event: PanelEvent, language: Language, actions: HostActions, now: number): HTMLElement {
  const { say } = language;
  const { fields } = event;
  const fact = (name: Message, ...values: Child[]): HTMLElement =>
    element('li', { class: 'fact' }, element('span', { class: 'hidden' }, `${say(name)}: `), ...values);
  const value = (testId: string, text: string, none: Message, attributes?: Record<string, string>): HTMLElement =>
    drawValue(testId, text, none, language, attributes);
  const copy = (field: HeaderField, label: Message): HTMLElement => drawCopy(event, field, label, language, actions);
  const id = (text: string): Record<string, string> => ({ class: 'id', title: visibleText(text) });
  const when = event.time === undefined ? fields.timestamp : `${event.moment} ${event.zone}`;
  return element(
    'ul',
    { class: 'facts', 'aria-label': say(message('About this event')) },
    fact(
      message('Action'),
      value('action', fields.action, message('no action')),
      copy('action', message('Copy the action')),
    ),
    fact(
      message('Component'),
      value('component', fields.source, message('no component')),
      copy('source', message('Copy the component')),
    ),
    fact(
      message('Time'),
      value('timestamp', when, message('no time'), { title: visibleText(fields.timestamp) }),
      event.time === undefined ? undefined : element('span', { class: 'ago' }, `(${language.ago(event.time, now)})`),
      copy('timestamp', message('Copy the time as received')),
    ),
    fact(message('User'), value('user', fields.user, message('no user')), copy('user', message('Copy the user'))),
    fact(
      message('Agent'),
      agentLabel(event.agent, fields.user_agent, language),
      copy('user_agent', message('Copy the user agent')),
    ),
    fact(
      message('Request id'),
      value('request-id', fields.request_id, message('no request id'), id(fields.request_id)),
      copy('request_id', message('Copy the request id')),
    ),
    fact(
      message('Event id'),
      value('event-id', fields.event_id, message('no event id'), id(fields.event_id)),
      copy('event_id', message('Copy the event id')),
    ),
  );
}

function drawAddress(event: PanelEvent, language: Language, actions: HostActions): HTMLElement {
  const { method, uri } = event.fields;
  return element(
    'p',
    { class: 'address' },
    element('b', { class: 'method' }, visibleText(method, 20)),
    ' ',
    uri === ''
      ? drawValue('uri', '', message('no address'), language)
      : element('bdi', { 'data-testid': 'uri' }, ...linkResource(event, language, actions)),
    ...codeAddress(event, language, actions),
    drawCopy(event, 'uri', message('Copy the URI'), language, actions),
  );
}

/** A text of the record, or `none` in its place. */
function drawValue(
  testId: string,
  text: string,
  none: Message,
  { say }: Language,
  attributes: Record<string, string> = {},
): HTMLElement {
  return text === ''
    ? element('span', { 'data-testid': testId, class: 'none' }, say(none))
    : element('bdi', { 'data-testid': testId, ...attributes }, visibleText(text, longest));
}

function drawCopy(
  { key }: PanelEvent,
  field: HeaderField,
  label: Message,
  language: Language,
  actions: HostActions,
): HTMLElement {
  return createCopyButton(`copy-${field}`, language.say(label), language, () =>
    actions.run('copyField', { eventId: key, field }),
  );
}

/** The agent is read from the caller's own words, so it is labelled as a guess. */
function agentLabel({ kind, name }: Agent, userAgent: string, language: Language): HTMLElement {
  const { say } = language;
  if (userAgent === '') return element('span', { class: 'none' }, say(message('agent not recorded')));
  const labels = {
    terraform: name,
    console: say(message('console ({0})', name)),
    cli: say(message('command line ({0})', name)),
    sdk: say(message('SDK ({0})', name)),
    unknown: name,
  };
  const label = visibleText(labels[kind], 60);
  if (kind === 'unknown') return element('bdi', { title: visibleText(userAgent, longest) }, label);
  return element(
    'span',
    {
      class: 'guess',
      title: say(message('Read from the user agent, which can be forged: {0}', visibleText(userAgent, longest))),
    },
    element('bdi', {}, label),
    element('span', { class: 'ago' }, ` ${say(message('(a guess)'))}`),
  );
}

/** The uri with the resource's address, or else its id, as a link to its history. */
function linkResource(event: PanelEvent, language: Language, actions: HostActions): Child[] {
  const { resourceId } = event;
  const { uri } = event.fields;
  const at = resourceId ? uri.toLowerCase().indexOf(resourceId.toLowerCase()) : -1;
  if (!resourceId || at < 0) return [visibleText(uri, longest)];
  const link = historyLink('show-history', resourceId, resourceId, language, actions);
  return [visibleText(uri.slice(0, at), longest), link, visibleText(uri.slice(at + resourceId.length), longest)];
}

/** The resource as the code of the workspace calls it. */
function codeAddress({ address, resourceId }: PanelEvent, language: Language, actions: HostActions): Child[] {
  if (address === undefined || !resourceId) return [];
  return [' → ', historyLink('show-code-history', address, resourceId, language, actions)];
}

function historyLink(
  id: string,
  text: string,
  resourceId: string,
  language: Language,
  actions: HostActions,
): HTMLElement {
  const title = `${language.say(message('Show all events of this resource'))}: ${visibleText(resourceId)}`;
  const link = element('button', { id, class: 'link', type: 'button', title }, visibleText(text));
  link.addEventListener('click', () => void actions.run('showResourceHistory', { resourceId, focus: false }));
  return link;
}
