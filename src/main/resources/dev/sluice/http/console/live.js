// Follows the server-sent events of /v1/live; by fetch, since an EventSource cannot carry a token.

import { headers, refusal } from './api.js';

const RETRY_MS = 2000;

/** Calls on.live, on.trouble, on.lost and on.refused, and reconnects until stopped. */
export function follow(on) {
  const stop = new AbortController();

  async function once() {
    const answer = await fetch('v1/live', { headers: headers(), signal: stop.signal, cache: 'no-store' });
    if (!answer.ok) {
      const problem = await refusal(answer);
      if (problem.status === 401 || problem.status === 403) {
        on.refused(problem);
        stop.abort();
      }
      throw problem;
    }
    const text = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let held = '';
    for (;;) {
      const { value, done } = await text.read();
      if (done) {
        return;
      }
      held += value;
      const events = held.split('\n\n');
      held = events.pop();
      events.forEach(tell);
    }
  }

  function tell(event) {
    // Splits at line feeds only: a name may contain other line separators.
    const field = (name) => event.split('\n').find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
    const name = field('event');
    const data = field('data');
    if (name && data && Object.hasOwn(on, name)) {
      on[name]?.(JSON.parse(data));
    }
  }

  (async () => {
    while (!stop.signal.aborted) {
      try {
        await once();
      } catch (error) {
        if (!stop.signal.aborted) {
          on.lost(error);
          await new Promise((go) => setTimeout(go, RETRY_MS));
        }
      }
    }
  })();
  return () => stop.abort();
}
