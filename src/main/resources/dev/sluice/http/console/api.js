// Calls the API of the worker that served the page, with the viewer's token.

const TOKEN = 'sluice-token';

export const token = {
  get: () => sessionStorage.getItem(TOKEN),
  set: (value) => sessionStorage.setItem(TOKEN, value),
  forget: () => sessionStorage.removeItem(TOKEN),
};

/** An error answer of the API, with its text. */
export class Problem extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

export function headers(more) {
  const held = token.get();
  return held ? { ...more, Authorization: `Bearer ${held}` } : { ...more };
}

export async function refusal(answer) {
  let detail = `the worker answered ${answer.status}`;
  try {
    detail = (await answer.json()).detail ?? detail;
  } catch {
    // Without a problem body, the status code remains.
  }
  return new Problem(answer.status, detail);
}

async function send(path, options) {
  let answer;
  try {
    answer = await fetch(path, options);
  } catch (error) {
    if (error.name === 'AbortError') {
      throw error;
    }
    throw new Problem(0, 'the worker does not answer');
  }
  if (!answer.ok) {
    throw await refusal(answer);
  }
  return answer.json();
}

export function get(path, parameters, signal) {
  const given = Object.entries(parameters ?? {}).filter(([, value]) => value !== undefined);
  const query = new URLSearchParams(given).toString();
  return send(path + (query ? `?${query}` : ''), { headers: headers(), signal });
}

export const post = (path, body, signal) =>
  send(path, {
    method: 'POST',
    headers: headers({ 'Content-Type': 'application/json' }),
    body,
    signal,
  });

/** Returns null for 404. */
export async function find(path, parameters, signal) {
  try {
    return await get(path, parameters, signal);
  } catch (error) {
    if (error.status === 404) {
      return null;
    }
    throw error;
  }
}
