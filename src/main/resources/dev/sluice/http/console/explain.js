// Explains whether a user can read a source, drawn as a path from the user to the source.

import { get } from './api.js';
import { note } from './deliveries.js';
import { h, link, more, pill, row, sourceName, svg, table, time, to } from './dom.js';
import { requestLink } from './products.js';

const NODE = { width: 176, height: 48 };
const GAP = { x: 152, y: 24 };
const HEAD = 30;
const LABELS = { user: 0, request: 1, product: 2, source: 3 };
const BLOCKS = {
  USER_DEACTIVATED: 'user deactivated',
  PRODUCT_SUSPENDED: 'suspended',
  PRODUCT_DELETED: 'deleted',
  SOURCE_REMOVED: 'removed',
  NOT_REQUESTED: 'not requested',
};
const CHARACTERS = 21;

export async function explain(parameters, signal) {
  const user = parameters.get('user') ?? '';
  const source = parameters.get('source') ?? '';
  const sourceType = parameters.get('type') ?? '';
  const root = h('div', {}, h('h1', {}, 'Explain'), form(user, source, sourceType));
  if (user && source) {
    const found = await get('v1/explain', { user, source, sourceType }, signal);
    root.append(...answer(found));
  }
  return { root, title: user && source ? `${user} and ${sourceName(source, sourceType)}` : 'Explain' };
}

function form(user, source, sourceType) {
  const field = (name, label, value, required = true) => h('div', { class: 'field' }, h('label', { for: name }, label),
    h('input', { id: name, value, required, autocomplete: 'off', spellcheck: 'false' }));
  const go = (event) => {
    event.preventDefault();
    const [asked, about, type] = ['user', 'source', 'type'].map((name) => event.target.elements[name].value.trim());
    location.hash = to('explain', { user: asked, source: about, ...(type ? { type } : {}) });
  };
  return h('form', { class: 'row', onsubmit: go }, field('user', 'User', user), field('source', 'Source', source), field('type', 'Type (any if empty)', sourceType, false), h('button', { type: 'submit' }, 'Explain'));
}

function answer(found) {
  const parts = [
    h('p', { class: `note ${found.access ? 'good' : 'bad'}` },
      h('strong', {}, found.access ? 'Yes. ' : 'No. '), `${found.says}.`),
  ];
  if (found.spreading) {
    parts.push(h('p', { class: 'note' }, 'Commands for this change are still pending.'));
  }
  if (found.delivery?.length) {
    parts.push(
      h('h2', {}, 'Delivery'),
      ...found.delivery.map(note),
      h('p', {}, h('a', { href: to('deliveries', { user: found.userId }) }, `All outstanding commands of ${found.userId}`)));
  }
  if (found.products.length === 0) {
    return parts;
  }
  parts.push(
    h('h2', {}, 'Path'),
    h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Path from the user to the source' }, drawing(found)),
    h('h2', {}, 'Explanation'),
    table(`Products that contain or contained ${found.sourceId}`, ['Product', 'Type', 'Gives it', 'State', 'Since', 'Requests', 'Explanation'],
      found.products.map((reason) => row(
        link('product', reason.productId),
        reason.sourceType ?? '',
        h('span', { class: `pill ${reason.gives ? 'good' : 'bad'}` }, reason.gives ? 'yes' : 'no'),
        pill(reason.state),
        time(reason.stateSince),
        reason.requests.length === 0 ? '—' : h('ul', { class: 'plain' }, reason.requests.map((request) =>
          h('li', {}, requestLink({ ...request, productId: reason.productId }), ' ', pill(request.state))), more(reason.requestCount, reason.requests.length)),
        reason.complete ? reason.says : `${reason.says} (older requests may be missing)`))).box,
    more(found.productCount, found.products.length));
  return parts;
}

/** Label of an edge that gives no access. */
const why = (reason, ...blocks) =>
  blocks.filter((block) => reason.blockedBy.includes(block)).map((block) => BLOCKS[block]).join(', ');

function drawing(found) {
  const rows = found.products.flatMap((reason) =>
    (reason.requests.length ? reason.requests : [null]).map((request) => ({ reason, request })));
  const height = HEAD + rows.length * (NODE.height + GAP.y);
  const width = 4 * NODE.width + 3 * GAP.x;
  const middle = HEAD + (height - HEAD - GAP.y) / 2;
  // One node for each type; there are at most as many types as rows.
  const sourceY = (type) => middle + (types.indexOf(type) - (types.length - 1) / 2) * (NODE.height + GAP.y);
  const y = (i) => HEAD + i * (NODE.height + GAP.y) + NODE.height / 2;
  const x = (column) => LABELS[column] * (NODE.width + GAP.x);
  const edges = [];
  const nodes = [];
  const types = [...new Set(found.products.map((reason) => reason.sourceType ?? ''))].sort();
  const edge = (from, fromY, column, toY, cut) => {
    const [x1, x2] = [x(from) + NODE.width, x(column)];
    const bend = GAP.x / 2;
    edges.push(svg('path', { class: `edge ${cut ? 'cut' : ''}`, d: `M${x1} ${fromY}C${x2 - bend} ${fromY} ${x2 - bend} ${toY} ${x2} ${toY}` }));
    if (cut) {
      nodes.push(svg('text', { class: 'why', x: x2 - 6, y: toY - 8, 'text-anchor': 'end' }, `✕ ${cut}`));
    }
  };
  const node = (column, at, kind, name, small) => nodes.push(svg('g', { class: kind },
    svg('title', {}, name),
    svg('rect', { x: x(column), y: at - NODE.height / 2, width: NODE.width, height: NODE.height, rx: 8 }),
    svg('text', { x: x(column) + 10, y: at + (small ? -3 : 5) }, short(name)),
    small ? svg('text', { class: 'small', x: x(column) + 10, y: at + 15 }, short(small, 27)) : null));

  Object.keys(LABELS).forEach((column) => nodes.push(svg('text', { class: 'head', x: x(column), y: 16 }, column)));
  let first = 0;
  for (const reason of found.products) {
    const count = Math.max(1, reason.requests.length);
    const productY = (y(first) + y(first + count - 1)) / 2;
    node('product', productY, reason.gives ? 'gives' : 'blocks', reason.productId, reason.state.toLowerCase());
    const asked = reason.requests.length > 0;
    if (!asked) {
      edge('user', middle, 'product', productY, BLOCKS.NOT_REQUESTED);
    }
    reason.requests.forEach((request, i) => {
      const approved = request.state === 'APPROVED';
      const cut = approved ? '' : request.state === 'PENDING' && request.stage ? `pending, stage ${request.stage}` : request.state.toLowerCase();
      node('request', y(first + i), approved ? 'gives' : 'blocks', request.requestId,
        request.waitsFor ? `waits for ${request.waitsFor.approvers.filter((id) => !request.waitsFor.approvedBy?.includes(id)).join(' or ')}` : request.state.toLowerCase());
      edge('user', middle, 'request', y(first + i), why(reason, 'USER_DEACTIVATED'));
      edge('request', y(first + i), 'product', productY, cut);
    });
    edge('product', productY, 'source', sourceY(reason.sourceType ?? ''), '');
    const blocked = why(reason, 'PRODUCT_SUSPENDED', 'PRODUCT_DELETED', 'SOURCE_REMOVED');
    if (blocked) {
      edges.at(-1).classList.add('cut');
      nodes.push(svg('text', { class: 'why', x: x('product') + NODE.width + 6, y: productY - 8 }, `✕ ${blocked}`));
    }
    first += count;
  }
  node('user', middle, '', found.userId);
  for (const type of types) {
    const given = found.products.some((reason) => (reason.sourceType ?? '') === type && reason.gives);
    node('source', sourceY(type), given ? 'gives' : 'blocks', found.sourceId, `${type ? `${type}, ` : ''}${given ? 'can be read' : 'cannot be read'}`);
  }
  return svg('svg', { class: 'path', viewBox: `-8 0 ${width + 16} ${height}`, role: 'img', 'aria-label': found.says }, edges, nodes);
}

const short = (text, characters = CHARACTERS) =>
  text.length > characters ? `${text.slice(0, characters - 1)}…` : text;
