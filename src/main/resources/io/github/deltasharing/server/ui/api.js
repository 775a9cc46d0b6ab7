// Requests to the server: the session, and the admin API below ADMIN. Every failure is an ApiError with the server's own message.
const ADMIN = '/api/2.1/opensharing/provider';
const SESSION = '/ui/session';
const MOST_PAGES = 50;

let csrfToken = '';
const tags = new WeakMap();

export class ApiError extends Error {
  constructor(message, { status = 0, code = '', requestId = '' } = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.requestId = requestId;
  }

  /** Somebody else changed what was to be changed. */
  get isConflict() {
    return this.status === 412;
  }
}

/** path`/shares/${name}`: each value is one segment, whatever is in it. */
export function path(strings, ...values) {
  return strings.reduce((all, text, i) => all + encodeURIComponent(values[i - 1]) + text);
}

/** The URL of an endpoint of the admin API, for what is not sent by fetch. */
export const adminUrl = (at) => ADMIN + at;

/** The headers that a changing request needs, for what is not sent by fetch. */
export const changeHeaders = () => ({ 'X-CSRF-Token': csrfToken });

/** The ApiError of a response that is none of 2xx. */
export function errorOf(status, text, requestId) {
  let body = {};
  try {
    body = JSON.parse(text);
  } catch {
    // Of a proxy, not of this server.
  }
  const message = body.message || `The server answered with status ${status}`;
  return new ApiError(message, { status, code: body.errorCode, requestId });
}

async function send(method, url, { body, ifMatch, signal } = {}) {
  const headers = { Accept: 'application/json' };
  if (method !== 'GET') {
    Object.assign(headers, changeHeaders());
  }
  if (body !== undefined) {
    headers['Content-Type'] = 'application/json';
  }
  if (ifMatch && tags.has(ifMatch)) {
    headers['If-Match'] = tags.get(ifMatch);
  }
  let response;
  let text;
  try {
    response = await fetch(url, {
      method,
      headers,
      signal,
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: 'same-origin',
      cache: method === 'GET' ? 'no-store' : 'default',
    });
    text = await response.text();
  } catch (cause) {
    if (cause.name === 'AbortError') {
      throw cause;
    }
    throw new ApiError('The server cannot be reached. Check the connection and try again');
  }
  if (!response.ok) {
    const error = errorOf(response.status, text, response.headers.get('x-request-id'));
    if (error.status === 401 && !(url === SESSION && method === 'POST')) {
      window.dispatchEvent(new CustomEvent('signed-out', { detail: error }));
    }
    throw error;
  }
  const json = text ? JSON.parse(text) : {};
  const tag = response.headers.get('ETag');
  if (tag) {
    tags.set(json, tag);
  }
  return json;
}

function query(parameters) {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== '');
  return given.length ? `?${new URLSearchParams(given)}` : '';
}

/**
 * The admin API. An object that was got carries its version: given as ifMatch with a change of it, the change is refused with 412
 * if somebody else made one.
 */
export const api = {
  get: (at, parameters = {}, options = {}) => send('GET', ADMIN + at + query(parameters), options),
  post: (at, body = {}, options = {}) => send('POST', ADMIN + at, { ...options, body }),
  patch: (at, body, options = {}) => send('PATCH', ADMIN + at, { ...options, body }),
  delete: (at, parameters = {}, options = {}) => send('DELETE', ADMIN + at + query(parameters), options),

  /** All items of a list, page by page. */
  async all(at, parameters = {}) {
    const items = [];
    let pageToken;
    for (let page = 0; page < MOST_PAGES; page++) {
      const list = await this.get(at, { maxResults: 1000, ...parameters, pageToken });
      items.push(...list.items);
      pageToken = list.nextPageToken;
      if (!pageToken) {
        break;
      }
    }
    return items;
  },
};

function signedIn(session) {
  csrfToken = session.csrf_token;
  return session;
}

/** The session of this browser, or null. */
export async function currentSession() {
  const response = await fetch(SESSION, { credentials: 'same-origin', cache: 'no-store' });
  if (response.status === 204 || response.status === 401) {
    return null;
  }
  if (!response.ok) {
    throw errorOf(response.status, await response.text(), response.headers.get('x-request-id'));
  }
  return signedIn(await response.json());
}

export const signIn = async (token) => signedIn(await send('POST', SESSION, { body: { token } }));

export async function signOut() {
  await send('DELETE', SESSION);
  csrfToken = '';
}
