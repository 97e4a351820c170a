// Previews the effect of an event without changing anything.

import { post } from './api.js';
import { cards, h, link, number, pill, row, sourceLink, table } from './dom.js';

const TYPES = {
  ProductSuspended: () => ({}),
  ProductResumed: () => ({}),
  ProductDeleted: () => ({}),
  DataSourcesReplaced: () => ({ dataSources: [{ sourceId: 'SOURCE', sourceType: 'TYPE' }] }),
  AccessApproved: (parameters) => ({
    requestId: parameters.get('request') ?? 'REQUEST',
    userId: parameters.get('user') ?? 'USER',
    approvedBy: 'preview',
  }),
  AccessRevoked: (parameters) => ({ userId: parameters.get('user') ?? 'USER' }),
  UserDeactivated: () => ({}),
  UserReactivated: () => ({}),
};

function text(type, parameters) {
  const event = {
    eventId: `preview-${Date.now()}`,
    ...(type.startsWith('User')
      ? { userId: parameters.get('user') ?? 'USER' }
      : { productId: parameters.get('product') ?? 'PRODUCT' }),
    occurredAt: new Date().toISOString(),
    actor: 'preview',
    type,
    data: TYPES[type](parameters),
  };
  return JSON.stringify(event, null, 2);
}

export async function preview(parameters, signal) {
  const wanted = parameters.get('type');
  const chosen = Object.hasOwn(TYPES, wanted) ? wanted : 'ProductSuspended';
  const area = h('textarea', { id: 'event', spellcheck: 'false', required: true }, text(chosen, parameters));
  const type = h('select', { id: 'type', onchange: () => { area.value = text(type.value, parameters); } },
    Object.keys(TYPES).map((name) => h('option', { selected: name === chosen }, name)));
  const result = h('div', { 'aria-live': 'polite' });

  async function show(event) {
    event?.preventDefault();
    result.replaceChildren(h('p', { class: 'soft' }, 'Computing …'));
    try {
      result.replaceChildren(...answer(await post('v1/preview', area.value, signal)));
    } catch (error) {
      if (error.name !== 'AbortError') {
        result.replaceChildren(h('p', { class: 'note bad', role: 'alert' }, error.message));
      }
    }
  }

  const root = h('div', {},
    h('h1', {}, 'Preview'),
    h('p', { class: 'soft' }, 'Shows what an event would do if it came now. A preview changes nothing.'),
    h('form', { class: 'row', onsubmit: show },
      h('div', { class: 'field' }, h('label', { for: 'type' }, 'Template'), type),
      h('div', { class: 'field wide' }, h('label', { for: 'event' }, 'Event, as JSON'), area),
      h('button', { type: 'submit' }, 'Preview')),
    result);
  if (parameters.get('product')) {
    show();
  }
  return { root, title: 'Preview' };
}

function answer(found) {
  const parts = [
    h('h2', {}, 'Outcome: ', pill(found.outcome)),
    found.message ? h('p', { class: 'note' }, found.message) : null,
    cards(
      ['grants', number(found.grants.count)],
      ['revokes', number(found.revokes.count)],
      ['affected users', number(found.users.count)],
      ['affected sources', number(found.sources.count)]),
    found.complete ? null : h('p', { class: 'note' }, 'The effect is too large to compute completely: the counts are lower bounds.'),
    commands('Grants', found.grants),
    commands('Revokes', found.revokes),
  ];
  return parts.filter(Boolean);
}

function commands(name, list) {
  if (list.count === 0) {
    return null;
  }
  const caption = list.first.length < list.count ? `${name}: the first ${number(list.first.length)} of ${number(list.count)}` : name;
  return h('div', {}, h('h2', {}, name),
    table(caption, ['User', 'Source', 'Type', 'Through', 'Reason'],
      list.first.map((each) => row(link('user', each.userId), sourceLink(each.sourceId, each.sourceType), each.sourceType, link('product', each.productId), each.reason))).box);
}
