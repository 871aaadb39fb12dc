// Requests to this CRM's server. What changes something carries the session's
// token against forged requests; a failure is an ApiError that says what and how to mend.
import { t } from './i18n.js';

let csrf = '';
export const setCsrf = (token) => { csrf = token || ''; };

export class ApiError extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

async function ask(method, path, body, signal) {
  const headers = { Accept: 'application/json' };
  if (method !== 'GET') headers['X-CSRF-Token'] = csrf;
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  let reply;
  try {
    reply = await fetch(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body), signal });
  } catch (failed) {
    if (failed.name === 'AbortError') throw failed;
    throw new ApiError(0, t('error.offline'));
  }
  const text = await reply.text();
  let value = null;
  try { value = text ? JSON.parse(text) : null; } catch { /* an error page of a proxy */ }
  if (reply.ok) return value;
  if (reply.status === 401 && !path.startsWith('/crm/session')) window.dispatchEvent(new Event('signed-out'));
  throw new ApiError(reply.status, value?.detail || t('error.status', { status: reply.status }));
}

export const get = (path, signal) => ask('GET', path, undefined, signal);
export const post = (path, body = {}) => ask('POST', path, body);
export const del = (path) => ask('DELETE', path);

// "a=1&b=x" of what is set.
export const query = (values) => {
  const set = Object.entries(values).filter(([, v]) => v !== undefined && v !== null && v !== '' && v !== false);
  return new URLSearchParams(set.map(([k, v]) => [k, String(v)])).toString();
};
export const id = (text) => encodeURIComponent(text);
// A text in the language of conditions: 'it''s'
export const quoted = (text) => `'${String(text).replaceAll("'", "''")}'`;
