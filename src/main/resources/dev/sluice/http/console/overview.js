// The live overview.

import { known, summary } from './deliveries.js';
import { cards, duration, h, link, number, plural, row, svg, table, to } from './dom.js';

const PRODUCTS = ['ACTIVE', 'SUSPENDED', 'DELETED'];
const REQUESTS = ['PENDING', 'APPROVED', 'DENIED', 'CANCELED', 'REVOKED', 'EXPIRED', 'LAPSED', 'SCHEDULED'];
const SHOWN_MS = 120_000;
const DELIVERY_MS = 5_000;
const WIDTH = 600;
const HEIGHT = 80;

/** Commands per second, newest last; kept while other views are shown. */
const rates = [];
let newest = null;

export function remember(live) {
  newest = live;
  const rate = live.traffic?.commandsPerSecond;
  if (rate !== undefined && rates.at(-1)?.at !== live.at) {
    rates.push({ at: live.at, ms: Date.parse(live.at), rate });
  }
  while (rates.length > 0 && rates[0].ms < Date.parse(live.at) - SHOWN_MS) {
    rates.shift();
  }
}

function line() {
  const top = Math.max(1, ...rates.map((each) => each.rate));
  return rates
    .map((each, i) => {
      const x = WIDTH - ((rates.at(-1).ms - each.ms) / SHOWN_MS) * WIDTH;
      const y = HEIGHT - 2 - (each.rate / top) * (HEIGHT - 6);
      return `${i === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`;
    })
    .join('');
}

const lag = (of) =>
  of.records === 0 ? 'none' : `${plural(of.records, 'record')}, ${duration(of.seconds)}`;

export function overview() {
  const value = {};
  const slot = (name, label, words) => {
    value[name] = h('span', {}, '…');
    return [label, value[name], words];
  };
  const path = svg('path', { d: '' });
  const peak = h('span', {});
  const sweeps = h('div', {}, h('p', { class: 'soft' }, '…'));
  const missing = h('p', { class: 'note bad', role: 'status', hidden: true });
  const counting = h('p', { class: 'soft' });
  const late = h('a', { href: to('deliveries') });
  const undelivered = h('section', { hidden: true },
    h('h2', {}, 'Delivery'),
    cards(slot('outstanding', 'commands not confirmed'), ['overdue', late], slot('oldest', 'oldest', true)));
  ['outstanding', 'oldest'].forEach((name) => value[name].replaceChildren());
  const root = h('div', {},
    h('h1', {}, 'Overview'),
    missing,
    h('h2', {}, 'Products'),
    cards(...PRODUCTS.map((state) => slot(`p-${state}`, state.toLowerCase())), slot('members', 'memberships')),
    counting,
    h('h2', {}, 'Commands'),
    cards(slot('rate', 'commands per second'), slot('events', 'waiting events', true), slot('updates', 'waiting updates between the stages', true), slot('sweeps', 'sweeps in progress')),
    h('div', { class: 'card' },
      svg('svg', { class: 'chart', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' }, path),
      h('p', { class: 'soft' }, 'Commands per second over the last two minutes', peak)),
    undelivered,
    h('h2', {}, 'Sweeps'),
    sweeps,
    h('h2', {}, 'Requests'),
    cards(...REQUESTS.map((state) => slot(`r-${state}`, state.toLowerCase()))));

  function show(live) {
    const { overview: all, traffic } = live;
    missing.hidden = true;
    PRODUCTS.forEach((state) => value[`p-${state}`].replaceChildren(number(all.products[state])));
    REQUESTS.forEach((state) => value[`r-${state}`].replaceChildren(number(all.requests[state])));
    value.members.replaceChildren(number(all.members));
    counting.replaceChildren(all.counting ? 'A worker still counts its products after its start: the numbers of products, memberships and requests are too low.' : '');
    value.sweeps.replaceChildren(number(all.sweeps));
    value.rate.replaceChildren(rates.length === 0 ? '…' : number(Math.round(rates.at(-1).rate)));
    value.events.replaceChildren(traffic ? lag(traffic.events) : 'unknown: Kafka does not report it');
    value.updates.replaceChildren(traffic ? lag(traffic.updates) : 'unknown: Kafka does not report it');
    path.setAttribute('d', line());
    peak.replaceChildren(rates.length === 0 ? '' : `; at most ${number(Math.round(Math.max(...rates.map((r) => r.rate))))}`);
    sweeps.replaceChildren(sweeping(live.sweeping));
  }

  let read = 0;
  async function deliver() {
    if (Date.now() - read < DELIVERY_MS || !(await known())) {
      return;
    }
    read = Date.now();
    undelivered.hidden = false;
    try {
      const all = await summary();
      value.outstanding.replaceChildren(number(all.outstanding));
      late.replaceChildren(number(all.overdue));
      late.className = all.overdue ? 'late' : '';
      value.oldest.replaceChildren(all.oldest ? duration(Math.max(0, (Date.now() - Date.parse(all.oldest)) / 1000)) : '—');
    } catch (error) {
      value.outstanding.replaceChildren('?');
      late.replaceChildren('?');
      value.oldest.replaceChildren(`not known now: ${error.message}`);
    }
  }

  if (newest) {
    show(newest);
  }
  deliver();
  function trouble(detail) {
    missing.replaceChildren(detail);
    missing.hidden = false;
  }

  function live(now) {
    show(now);
    deliver();
  }

  return { root, title: 'Overview', live, trouble };
}

function sweeping(list) {
  if (list.length === 0) {
    return h('p', { class: 'soft' }, 'No sweep in progress: all changes are applied to all members.');
  }
  return table('Product changes being applied to members', ['Product', '#Revision', 'Progress', '#Members left', '#Of'],
    list.map((each) => row(
      link('product', each.productId),
      each.revision,
      h('progress', { max: Math.max(1, each.members), value: each.members - each.membersLeft, 'aria-label': `Members of ${each.productId} already processed` }),
      each.membersLeft,
      each.members))).box;
}
