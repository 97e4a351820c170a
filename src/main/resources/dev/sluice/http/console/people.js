// Sources of a user, users of a source, and the search by id.

import { find, get } from './api.js';
import { known, list as outstanding, mark } from './deliveries.js';
import { explainLink, h, link, more, pages, pill, row, sourceLink, sourceName, time, to } from './dom.js';
import { requestLink } from './products.js';

const LIST = 50;

const onItsWay = (spreading) => (spreading ? h('span', { class: 'pill warn' }, 'pending') : 'done');

export async function user(parameters, signal) {
  const id = parameters.get('id') ?? '';
  const delivered = await known();
  const list = await pages(`Sources that ${id} can read`, ['Source', 'Type', 'Through', 'Commands', ...(delivered ? ['Delivery'] : []), 'Explained'],
    (cursor) => get('v1/users/~/access', { id, limit: LIST, cursor }, signal),
    (access) => row(
      sourceLink(access.sourceId, access.sourceType),
      access.sourceType,
      h('ul', { class: 'plain' }, access.givenBy.map((by) => h('li', {}, link('product', by.productId), ' by ', by.requests.map((given, i) => [
        i ? ', ' : '',
        requestLink({ requestId: given.requestId, productId: by.productId }),
        given.since ? h('span', { class: 'soft' }, ' since ', time(given.since)) : '',
        given.until ? h('span', { class: 'soft' }, ' until ', time(given.until)) : '',
      ]), more(by.requestCount, by.requests.length))), more(access.givenByCount, access.givenBy.length)),
      onItsWay(access.spreading),
      ...(delivered ? [mark(access.delivery)] : []),
      explainLink(id, access.sourceId, access.sourceType)),
    ({ deactivated }) => (deactivated
      ? h('p', { class: 'note bad' }, h('strong', {}, 'Deactivated. '), `${id} is deactivated since `, time(deactivated.since),
        deactivated.reason ? `: ${deactivated.reason}. ` : '. ',
        deactivated.spreading ? 'Some sources are still to be revoked.' : 'All access is withheld, whatever is approved.')
      : `${id} has no access to any source.`));
  return {
    root: h('div', {}, h('h1', {}, `Sources that ${id} can read`), list, delivered ? await undelivered(id, signal) : null, ask('Explain access to a source', 'source', { user: id })),
    title: id,
  };
}

/** The user's commands that are not confirmed: also those that take access away. */
async function undelivered(id, signal) {
  let found;
  try {
    found = await outstanding(`Commands for ${id} that are not confirmed`, { user: id }, `Nothing is outstanding for ${id}.`, signal);
  } catch (error) {
    if (error.name === 'AbortError') {
      throw error;
    }
    found = h('p', { class: 'note' }, `Not known now: ${error.message}`);
  }
  return h('section', {}, h('h2', {}, 'Not confirmed by platforms'), found);
}

export async function source(parameters, signal) {
  const id = parameters.get('id') ?? '';
  const sourceType = parameters.get('type') ?? '';
  const name = sourceName(id, sourceType);
  const list = await pages(`Users who can read ${name}`, ['User', 'Type', 'Through', 'Commands', 'Explained'],
    (cursor) => get('v1/sources/~/users', { id, sourceType, limit: LIST, cursor }, signal),
    (holder) => row(
      link('user', holder.userId),
      holder.sourceTypes.join(', '),
      h('ul', { class: 'plain' }, holder.productIds.map((product) => h('li', {}, link('product', product))), more(holder.productCount, holder.productIds.length)),
      onItsWay(holder.spreading),
      explainLink(holder.userId, id, sourceType)),
    `No user can read ${name}.`);
  return {
    root: h('div', {}, h('h1', {}, `Users who can read ${name}`), list, ask('Explain access of a user', 'user', { source: id, ...(sourceType ? { type: sourceType } : {}) })),
    title: name,
  };
}

/** A form that opens the explanation. */
function ask(label, name, held) {
  const input = h('input', { id: 'ask', required: true, autocomplete: 'off', spellcheck: 'false' });
  const go = (event) => {
    event.preventDefault();
    location.hash = to('explain', { ...held, [name]: input.value.trim() });
  };
  return h('form', { class: 'row', onsubmit: go },
    h('div', { class: 'field' }, h('label', { for: 'ask' }, label), input),
    h('button', { type: 'submit' }, 'Explain'));
}

export async function search(parameters, signal) {
  const sought = parameters.get('q') ?? '';
  const [product, access, holders, request] = await Promise.all([
    find('v1/products/~', { id: sought }, signal),
    get('v1/users/~/access', { id: sought, limit: 1 }, signal),
    get('v1/sources/~/users', { id: sought, limit: 1 }, signal),
    find('v1/requests/~', { id: sought }, signal),
  ]);
  const found = [
    product ? h('li', { class: 'card' }, 'Product ', link('product', sought), ` (${product.name}) `, pill(product.state)) : null,
    access.items.length ? h('li', { class: 'card' }, 'User ', link('user', sought), ', with access to at least one source') : null,
    holders.items.length ? h('li', { class: 'card' }, 'Source ', link('source', sought), ', which at least one user can read') : null,
    request ? h('li', { class: 'card' }, 'Request ', h('a', { href: to('request', { id: sought }) }, sought), ' ', request.items.map((each) => pill(each.state))) : null,
  ].filter(Boolean);
  const none = h('div', {},
    h('p', {}, `No product, request, user with access or readable source has this id. Ids are case-sensitive.`),
    h('p', { class: 'row' }, h('a', { href: to('user', { id: sought }) }, 'As a user'), h('a', { href: to('source', { id: sought }) }, 'As a source'), h('a', { href: to('products') }, 'All products')));
  return {
    root: h('div', {}, h('h1', {}, `Found for ${sought}`), found.length ? h('ul', { class: 'plain' }, found) : none),
    title: `Found for ${sought}`,
  };
}
