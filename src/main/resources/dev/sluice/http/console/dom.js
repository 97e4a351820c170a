// Creates elements. Text is always set as text, so that user data is never parsed as HTML.

const SVG = 'http://www.w3.org/2000/svg';

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === undefined || value === null || value === false) {
      continue;
    }
    if (name.startsWith('on')) {
      element.addEventListener(name.slice(2), value);
    } else {
      element.setAttribute(name, value === true ? '' : value);
    }
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return element;
}

export const h = (tag, attributes, ...children) =>
  fill(document.createElement(tag), attributes, children);

export const svg = (tag, attributes, ...children) =>
  fill(document.createElementNS(SVG, tag), attributes, children);

const numbers = new Intl.NumberFormat('en');

export const number = (value) => numbers.format(value);

/** Text for the items that a shortened list leaves out. */
export const more = (count, shown) => (count > shown ? h('span', { class: 'soft more' }, ` and ${number(count - shown)} more`) : '');

export const plural = (count, one) => `${number(count)} ${one}${count === 1 ? '' : 's'}`;

/** A time in the viewer's time zone, to the second; the exact value on hover. */
export function time(text) {
  if (!text) {
    return '—';
  }
  const shown = new Date(text).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
  return h('time', { datetime: text, title: text }, shown);
}

export function duration(seconds) {
  if (seconds < 60) {
    return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  }
  const minutes = Math.floor(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${number(Math.floor(minutes / 60))} h`;
}

const KINDS = {
  ACTIVE: 'good', APPROVED: 'good', GRANT: 'good', APPLIED: 'good',
  SUSPENDED: 'warn', PENDING: 'warn', SCHEDULED: 'warn', DUPLICATE: 'warn', NO_OP: 'warn', RETRYING: 'warn', HELD: 'warn',
  DELETED: 'bad', DENIED: 'bad', REVOKED: 'bad', EXPIRED: 'bad', LAPSED: 'bad', REVOKE: 'bad', REJECTED: 'bad', FAILED: 'bad',
};

export const pill = (state) => h('span', { class: `pill ${KINDS[state] ?? ''}` }, state);

export const to = (view, parameters) => {
  const query = new URLSearchParams(parameters ?? {}).toString();
  return `#/${view}${query ? `?${query}` : ''}`;
};

export const link = (kind, id) => h('a', { href: to(kind, { id }) }, id);

/** A source is an id and a type; without a type, all types of the id. */
const typed = (type) => (type ? { type } : {});

export const sourceLink = (id, type) => h('a', { href: to('source', { id, ...typed(type) }) }, id);

export const sourceName = (id, type) => (type ? `${id} (${type})` : id);

export const explainLink = (user, source, type) =>
  h('a', { href: to('explain', { user, source, ...typed(type) }) }, 'why', h('span', { class: 'hidden' }, ` ${user} and ${sourceName(source, type)}`));

/** Named values as a definition list of cards. */
export const cards = (...pairs) =>
  h('dl', { class: 'cards' }, pairs.filter(Boolean).map(([name, value, words]) =>
    h('div', { class: 'card' }, h('dt', {}, name), h('dd', { class: words ? 'words' : null }, value))));

/** A table in a box that scrolls on narrow pages. */
export function table(caption, columns, rows) {
  const body = h('tbody', {}, rows);
  const box = h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': caption },
    h('table', {},
      h('caption', {}, caption),
      h('thead', {}, h('tr', {}, columns.map((column) =>
        h('th', { scope: 'col', class: column.startsWith('#') ? 'number' : null }, column.replace('#', ''))))),
      body));
  return { box, body };
}

export const row = (...cells) => h('tr', {}, cells.map((cell) =>
  typeof cell === 'number' ? h('td', { class: 'number' }, number(cell)) : h('td', {}, cell)));

/**
 * A table of a list that comes in pages, with a button for the next one.
 *
 * load takes a cursor, and gives a page of the API. A page can be empty although more follow. nothing is what an empty
 * list shows: a text or an element, or a function of the page that returns one.
 */
export async function pages(caption, columns, load, toRow, nothing) {
  const first = await load(undefined);
  if (first.items.length === 0 && !first.next) {
    const text = typeof nothing === 'function' ? nothing(first) : nothing;
    return text instanceof Element ? text : h('p', { class: 'soft' }, text);
  }
  const { box, body } = table(caption, columns, first.items.map(toRow));
  let next = first.next;
  const failed = h('p', { role: 'alert' });
  const button = h('button', { type: 'button', class: 'more', hidden: !next, onclick: more }, 'Show more');

  async function more() {
    button.disabled = true;
    failed.replaceChildren();
    try {
      const page = await load(next);
      const rows = page.items.map(toRow);
      body.append(...rows);
      next = page.next;
      button.hidden = !next;
      box.focus();
    } catch (error) {
      failed.replaceChildren(error.message);
    } finally {
      button.disabled = false;
    }
  }

  return h('div', {}, box, button, failed);
}
