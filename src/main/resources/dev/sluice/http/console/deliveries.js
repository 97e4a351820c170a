// Commands that no platform has confirmed: their numbers, the overdue ones, and all.

import { get } from './api.js';
import { cards, duration, explainLink, h, link, number, pages, pill, row, sourceLink, table, time, to } from './dom.js';

const LIST = 50;
const STATES = ['PENDING', 'RETRYING', 'FAILED', 'HELD'];
const ACTIONS = ['REVOKE', 'GRANT'];
const COLUMNS = ['Action', 'User', 'Source', 'State', 'Commanded', 'What happened', 'Explained'];

/** Empty pages that are read at once; a page may be empty although more follow. */
const EMPTY_MAX = 40;

let asked = null;

/** Whether this worker knows delivery: it runs there, or its address is set. */
export function known() {
  asked ??= get('info')
    .then(({ settings }) => (settings['delivery.enabled'] ?? '').startsWith('true ') || 'delivery.url' in settings)
    .catch(() => {
      asked = null;
      return false;
    });
  return asked;
}

export const summary = (signal) => get('v1/deliveries/summary', {}, signal);

const age = (text) => (text ? duration(Math.max(0, (Date.now() - Date.parse(text)) / 1000)) : '—');

/** A page of the list that has items, unless there are none at all. */
async function load(filter, cursor, signal) {
  let page = await get('v1/deliveries', { ...filter, limit: LIST, cursor }, signal);
  for (let i = 0; i < EMPTY_MAX && page.items.length === 0 && page.next; i++) {
    page = await get('v1/deliveries', { ...filter, limit: LIST, cursor: page.next }, signal);
  }
  return page;
}

/** What the platform said of a command. */
const happened = (delivery) => (delivery.attempts === 0
  ? h('span', { class: 'soft' }, 'no result yet')
  : [
    delivery.message ?? delivery.code ?? '',
    h('div', { class: 'soft' }, [
      delivery.errorClass,
      delivery.message ? delivery.code : null,
      delivery.attempts === 1 ? 'tried once' : `tried ${number(delivery.attempts)} times`,
      delivery.executor ? `by ${delivery.executor}` : null,
    ].filter(Boolean).join(', ')),
  ]);

/** A list of outstanding commands as a table. */
export const list = (caption, filter, nothing, signal) => pages(caption, COLUMNS,
  (cursor) => load(filter, cursor, signal),
  (delivery) => row(
    pill(delivery.action),
    link('user', delivery.userId),
    h('div', { class: 'wide' }, sourceLink(delivery.sourceId, delivery.sourceType), h('div', { class: 'soft' }, delivery.sourceType)),
    [pill(delivery.state), delivery.overdueSince ? h('div', { class: 'late', title: `overdue since ${delivery.overdueSince}` }, 'overdue') : ''],
    [time(delivery.commandedAt), h('div', { class: 'soft' }, `${age(delivery.commandedAt)} ago`)],
    h('div', { class: 'wide told' }, happened(delivery)),
    explainLink(delivery.userId, delivery.sourceId, delivery.sourceType)),
  nothing);

/** What is outstanding for a user and source, beside the decision. */
export function note(delivery) {
  const kind = delivery.outstanding === false ? 'good' : delivery.overdueSince || delivery.state === 'FAILED' ? 'bad' : '';
  const type = h('strong', {}, `${delivery.sourceType}: `);
  return h('p', { class: `note ${kind}` }, type, delivery.says + (delivery.says.endsWith('"') ? '' : '.'));
}

/** The same as one word in a table, with the sentence on hover. */
export function mark(delivery) {
  if (!delivery) {
    return '';
  }
  if (delivery.outstanding === undefined) {
    return h('span', { class: 'pill', title: delivery.says }, 'not known');
  }
  if (!delivery.outstanding) {
    return h('span', { class: 'pill good', title: delivery.says }, 'nothing outstanding');
  }
  const kind = delivery.overdueSince || delivery.state === 'FAILED' ? 'bad' : 'warn';
  return [
    h('span', { class: `pill ${kind}`, title: delivery.says }, delivery.overdueSince ? `${delivery.state}, overdue` : delivery.state),
    delivery.message ? h('div', { class: 'soft' }, delivery.message) : '',
  ];
}

function totals(all) {
  const sum = (state) => all.counts.reduce((n, count) => n + count.states[state], 0);
  return h('div', {},
    h('p', { class: 'soft' }, 'Commands that no platform has confirmed yet.'),
    cards(
      ['not confirmed', number(all.outstanding)],
      ['overdue', h('span', { class: all.overdue ? 'late' : null }, number(all.overdue))],
      ['failed', number(sum('FAILED'))],
      ['held', number(sum('HELD'))],
      ['oldest', age(all.oldest)]),
    all.counting ? h('p', { class: 'soft' }, 'Commands are still being counted after a start: the numbers are too low.') : null);
}

function numbers(all) {
  if (all.counts.length === 0) {
    return [];
  }
  const heads = STATES.map((state) => `#${state.charAt(0)}${state.slice(1).toLowerCase()}`);
  return [
    h('h2', {}, 'By action and type'),
    table('Commands that are not confirmed', ['Action', 'Type', '#All', '#Overdue', ...heads, 'Oldest'],
      all.counts.map((count) => row(
        pill(count.action),
        h('a', { href: to('deliveries', { action: count.action, type: count.sourceType }) }, count.sourceType),
        count.outstanding,
        count.overdue,
        ...STATES.map((state) => count.states[state]),
        age(count.oldest)))).box,
  ];
}

function form(values) {
  const field = (name, label) => h('div', { class: 'field part' }, h('label', { for: name }, label),
    h('input', { id: name, value: values[name], autocomplete: 'off', spellcheck: 'false' }));
  const choice = (name, label, options) => h('div', { class: 'field part' }, h('label', { for: name }, label),
    h('select', { id: name }, ['', ...options].map((option) => h('option', { value: option, selected: values[name] === option }, option || 'any'))));
  const go = (event) => {
    event.preventDefault();
    const { elements } = event.target;
    const given = ['user', 'source', 'type', 'action', 'state'].map((name) => [name, elements[name].value.trim()]);
    if (elements.overdue.checked) {
      given.push(['overdue', 'true']);
    }
    location.hash = to('deliveries', given.filter(([, value]) => value));
  };
  return h('form', { class: 'row', onsubmit: go, 'aria-label': 'Filter' },
    field('user', 'User'), field('source', 'Source'), field('type', 'Type'),
    choice('action', 'Action', ACTIONS), choice('state', 'State', STATES),
    h('label', { class: 'check' }, h('input', { id: 'overdue', type: 'checkbox', checked: values.overdue === 'true' }), ' overdue only'),
    h('button', { type: 'submit' }, 'Filter'),
    h('a', { href: to('deliveries') }, 'All'));
}

export async function deliveries(parameters, signal) {
  const values = Object.fromEntries(['user', 'source', 'type', 'action', 'state', 'overdue'].map((name) => [name, parameters.get(name) ?? '']));
  const { type, ...rest } = values;
  const filter = Object.fromEntries(Object.entries({ ...rest, sourceType: type }).filter(([, value]) => value));
  const filtered = Object.keys(filter).length > 0;
  const overdue = (action) => list(action === 'REVOKE' ? 'Access that should be gone' : 'Access that should be there', { action, overdue: 'true' }, `No ${action} is overdue.`, signal);
  const all = await summary(signal);
  const search = [h('h2', {}, 'Filter'), form(values)];
  const found = filtered
    ? [...search, h('h2', {}, 'Found'), await list('Commands that are not confirmed, as filtered', filter, 'No outstanding command is like this.', signal)]
    : [
      h('h2', {}, 'Overdue'),
      ...(all.overdue === 0 ? [h('p', { class: 'soft' }, 'Nothing is overdue.')] : await Promise.all(ACTIONS.map(overdue))),
      ...numbers(all),
      ...search,
      h('h2', {}, 'All that is not confirmed'),
      await list('Commands that are not confirmed', filter, 'Nothing is outstanding: every command is confirmed.', signal),
    ];
  return {
    root: h('div', {}, h('h1', {}, 'Deliveries'),
      filtered ? null : totals(all),
      ...found),
    title: 'Deliveries',
  };
}
