// Products, one product, and one request.

import { find, get } from './api.js';
import { cards, h, link, number, pages, pill, plural, row, sourceLink, table, time, to } from './dom.js';

const LIST = 50;

export async function products(parameters, signal) {
  const list = await pages('Products by id', ['Product', 'Name', 'State', '#Sources', '#Members', '#Pending requests'],
    (cursor) => get('v1/products', { limit: LIST, cursor }, signal),
    (product) => row(link('product', product.productId), product.name, pill(product.state), product.sources, product.members, product.requests.PENDING),
    'No products yet.');
  return { root: h('div', {}, h('h1', {}, 'Products'), list), title: 'Products' };
}

/** The approvers of a stage: all of them for a product, for a request those who have approved, and those who have not. */
function approvers(stage) {
  const name = stage.name ? `${stage.name}: ` : '';
  const quorum = stage.approvalsNeeded > 1 ? `${stage.approvalsNeeded} of ` : '';
  if (!stage.approvedBy || stage.approvedBy.length === 0) {
    return `${name}${quorum}${stage.approvers.join(quorum ? ', ' : ' or ')}`;
  }
  const missing = stage.approvers.filter((id) => !stage.approvedBy.includes(id));
  return `${name}${missing.join(' or ')} (${stage.approvedBy.length} of ${stage.approvalsNeeded} approvals, by ${stage.approvedBy.join(', ')})`;
}

/** Days, hours and so on of an ISO-8601 duration, such as P14D. */
const days = (text) => text.replace(/^P(\d+)D$/, (all, number) => plural(Number(number), 'day'));

export async function product(parameters, signal) {
  const id = parameters.get('id') ?? '';
  const found = await find('v1/products/~', { id }, signal);
  if (!found) {
    return { root: h('div', {}, h('h1', {}, `Product ${id} not found`), h('p', {}, h('a', { href: to('products') }, 'All products'))), title: id };
  }
  const gone = found.state === 'DELETED';
  const root = h('div', {},
    h('h1', {}, found.name, ' ', pill(found.state)),
    h('p', { class: 'soft' }, found.productId, found.description ? ` · ${found.description}` : '', found.domains.length ? ` · ${found.domains.join(', ')}` : ''),
    found.spreading ? h('p', { class: 'note' }, `Revision ${number(found.revision)} is being applied: ${plural(found.sweeps.reduce((sum, each) => sum + each.membersLeft, 0), 'member')} left.`) : null,
    cards(
      ['members', number(found.members)],
      ['sources', number(found.sources.length)],
      ['pending requests', number(found.requests.PENDING)],
      ['revision', number(found.revision)],
      [`${found.state.toLowerCase()} since`, time(found.stateSince), true]),
    gone ? null : previews(found),
    h('h2', {}, 'Sources'),
    sources(found));
  if (found.stages.length > 0) {
    root.append(h('h2', {}, 'Approvers'), h('ol', {}, found.stages.map((stage) => h('li', {}, approvers(stage)))));
  }
  if (found.pendingFor) {
    root.append(h('p', {}, `A request lapses if nobody decides it within ${days(found.pendingFor)}.`));
  }
  if (found.maxDuration) {
    root.append(h('p', {}, `Access lasts at most ${days(found.maxDuration)}.`));
  }
  if (!gone) {
    root.append(
      h('h2', {}, 'Requests'),
      await pages(`Requests for ${id}`, ['Request', 'User', 'State', 'Requested', 'Until'],
        (cursor) => get('v1/products/~/requests', { id, limit: LIST, cursor }, signal),
        (request) => row(requestLink(request), link('user', request.userId), pill(request.state), time(request.requestedAt), time(request.expiresAt)),
        'No requests.'),
      h('h2', {}, 'Members'),
      await pages(`Members of ${id}`, ['User', 'Newest revision'],
        (cursor) => get('v1/products/~/members', { id, limit: LIST, cursor }, signal),
        (member) => row(link('user', member.userId), member.spreading ? 'pending' : 'done'),
        'No members.'));
  }
  return { root, title: found.name };
}

export const requestLink = (request) =>
  h('a', { href: to('request', { id: request.requestId, product: request.productId }) }, request.requestId);

function sources(of) {
  const rows = [
    ...of.sources.map((source) => row(sourceLink(source.sourceId, source.sourceType), source.sourceType, of.state === 'DELETED' ? 'until it was deleted' : 'now')),
    ...of.removedSources.map((source) => row(sourceLink(source.sourceId, source.sourceType), source.sourceType ?? '', h('span', {}, 'removed ', time(source.at)))),
  ];
  return rows.length === 0 ? h('p', { class: 'soft' }, 'No sources.') : table(`Sources of ${of.productId}`, ['Source', 'Type', 'Contained'], rows).box;
}

function previews(of) {
  const choices = [
    of.state === 'ACTIVE' ? ['ProductSuspended', 'Preview: suspend'] : ['ProductResumed', 'Preview: resume'],
    ['ProductDeleted', 'Preview: delete'],
  ];
  return h('p', { class: 'row' }, choices.map(([type, text]) => h('a', { href: to('preview', { type, product: of.productId }) }, text)));
}

export async function request(parameters, signal) {
  const id = parameters.get('id') ?? '';
  const found = await find('v1/requests/~', { id, product: parameters.get('product') ?? undefined }, signal);
  if (!found) {
    return { root: h('h1', {}, `Request ${id} not found`), title: id };
  }
  return { root: h('div', {}, h('h1', {}, `Request ${id}`), found.items.map(one)), title: `Request ${id}` };
}

function one(request) {
  return h('section', { 'aria-label': `of ${request.productId}` },
    cards(
      ['user', link('user', request.userId), true],
      ['product', link('product', request.productId), true],
      ['state', pill(request.state), true],
      ['asked', time(request.requestedAt), true],
      request.startsAt ? ['from', time(request.startsAt), true] : null,
      request.expiresAt ? ['until', time(request.expiresAt), true] : null,
      request.lapsesAt ? [request.state === 'LAPSED' ? 'lapsed' : 'lapses', time(request.lapsesAt), true] : null,
      request.waitsFor ? [`waits at stage ${request.stage} of ${request.stageCount} for`, approvers(request.waitsFor), true] : null,
      request.decidedBy ? ['decided by', request.decidedBy, true] : null,
      request.reason ? ['reason', request.reason, true] : null),
    request.state === 'PENDING'
      ? h('p', {}, h('a', { href: to('preview', { type: 'AccessApproved', product: request.productId, request: request.requestId, user: request.userId }) }, 'Preview: approve'))
      : null,
    h('h2', {}, 'History'),
    request.history.length === 0
      ? h('p', { class: 'soft' }, 'No decisions yet.')
      : table(`Decisions about ${request.requestId}`, ['When', '#Stage', 'State', 'By', 'Reason'],
        request.history.map((step) => row(time(step.at), step.stage, pill(step.state), step.by ?? '—', step.reason ?? '—'))).box);
}
