// Shows the view that the address names, and the state of the connection.

import { get, token } from './api.js';
import { deliveries, known } from './deliveries.js';
import { h } from './dom.js';
import { explain } from './explain.js';
import { follow } from './live.js';
import { overview, remember } from './overview.js';
import { search, source, user } from './people.js';
import { preview } from './preview.js';
import { product, products, request } from './products.js';

const VIEWS = { '': overview, deliveries, explain, preview, product, products, request, search, source, user };
const PARENTS = { product: 'products', request: 'products' };

const main = document.getElementById('view');
const state = document.getElementById('link');
const leave = document.getElementById('leave');
let asking = new AbortController();
let shown = null;
let unfollow = null;

async function show(first) {
  const [name, query] = location.hash.replace(/^#\/?/, '').split('?');
  const view = (Object.hasOwn(VIEWS, name) ? VIEWS[name] : null) ?? (() => ({ root: h('h1', {}, 'Page not found'), title: 'Page not found' }));
  asking.abort();
  asking = new AbortController();
  const { signal } = asking;
  mark(PARENTS[name] ?? name);
  main.setAttribute('aria-busy', 'true');
  try {
    const next = await view(new URLSearchParams(query), signal);
    if (!signal.aborted) {
      put(next, first);
    }
  } catch (error) {
    if (!signal.aborted) {
      failed(error, first);
    }
  }
}

function put(next, first) {
  shown = next;
  main.replaceChildren(next.root);
  main.removeAttribute('aria-busy');
  document.title = `${next.title} – Sluice`;
  if (!first) {
    main.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }
}

function failed(error, first) {
  if (error.status === 401) {
    put({ root: entry(error), title: 'Token' }, first);
    return;
  }
  const retry = h('button', { type: 'button', onclick: () => show() }, 'Try again');
  put({ root: h('div', {}, h('h1', {}, 'No answer'), h('p', { class: 'note bad', role: 'alert' }, error.message), retry), title: 'No answer' }, first);
}

/** Asks for a token, which stays in this tab. */
function entry(error) {
  const input = h('input', { id: 'token', type: 'password', required: true, autocomplete: 'off' });
  const go = (event) => {
    event.preventDefault();
    token.set(input.value.trim());
    begin();
    show();
  };
  return h('div', {},
    h('h1', {}, 'Token required'),
    token.get() ? h('p', { class: 'note bad', role: 'alert' }, error.message) : null,
    h('p', {}, 'This worker requires a token with the role read. The token stays in this tab and is sent only to this worker.'),
    h('form', { class: 'row', onsubmit: go },
      h('div', { class: 'field' }, h('label', { for: 'token' }, 'Token'), input),
      h('button', { type: 'submit' }, 'Enter')));
}

function mark(name) {
  for (const link of document.querySelectorAll('nav a')) {
    if (link.dataset.view === name) {
      link.setAttribute('aria-current', 'page');
    } else {
      link.removeAttribute('aria-current');
    }
  }
}

function say(text, kind) {
  if (state.textContent !== text) {
    state.textContent = text;
    state.className = `pill ${kind}`;
  }
}

function begin() {
  unfollow?.();
  known().then((shown) => {
    document.getElementById('deliveries').hidden = !shown;
  });
  leave.hidden = !token.get();
  say('connecting', '');
  unfollow = follow({
    live: (live) => {
      remember(live);
      say('live', 'good');
      state.title = '';
      shown?.live?.(live);
    },
    trouble: (trouble) => {
      say('some answers are missing', 'warn');
      state.title = trouble.detail;
      shown?.trouble?.(trouble.detail);
    },
    lost: () => say('no connection', 'bad'),
    refused: (problem) => {
      say('access refused', 'bad');
      if (!shown || shown.live) {
        failed(problem, true);
      }
    },
  });
}

document.getElementById('search').addEventListener('submit', (event) => {
  event.preventDefault();
  const sought = event.target.elements.q.value.trim();
  if (sought) {
    location.hash = `#/search?${new URLSearchParams({ q: sought })}`;
  }
});
document.getElementById('skip').addEventListener('click', (event) => {
  event.preventDefault();
  main.focus();
});
leave.addEventListener('click', () => {
  token.forget();
  location.reload();
});
window.addEventListener('hashchange', () => show());
begin();
show(true);
get('info')
  .then((info) => document.getElementById('version').replaceChildren(`Sluice ${info.version}, ${info.applicationId}`))
  .catch(() => {});
