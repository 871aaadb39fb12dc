// The address is the state: filters, options, sorting, opened row and figure
// are in the query, so that a link is a page. What is default is left out.
let onChange = () => {};

export const address = () => ({ path: location.pathname, query: Object.fromEntries(new URLSearchParams(location.search)) });

export function start(listener) {
  onChange = listener;
  window.addEventListener('popstate', () => onChange());
  document.addEventListener('click', follow);
}

// Links are real: a click without a modifier stays in the page, others open a tab.
function follow(event) {
  const link = event.target.closest?.('a[href]');
  if (!link || event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  if (link.target || link.hasAttribute('download') || link.origin !== location.origin) return;
  if (link.pathname.startsWith('/api/') || link.pathname.startsWith('/crm/')) return;
  event.preventDefault();
  if (link.hash && link.pathname === location.pathname && link.search === location.search) {
    document.querySelector(link.hash)?.scrollIntoView({ behavior: 'smooth', block: 'start' });
    return;
  }
  go(link.pathname + link.search);
}

export function go(url, { replace = false } = {}) {
  if (replace) history.replaceState(null, '', url);
  else history.pushState(null, '', url);
  onChange();
}

// The address with some parameters changed; null takes one away.
export function withQuery(changes, path = location.pathname) {
  const query = new URLSearchParams(path === location.pathname ? location.search : '');
  for (const [key, value] of Object.entries(changes)) {
    if (value === null || value === undefined || value === '' || value === false) query.delete(key);
    else query.set(key, value);
  }
  const text = query.toString();
  return path + (text ? `?${text}` : '');
}
export const set = (changes, options) => go(withQuery(changes), options);
