// What the address asks of a report, as the API wants it; names are the same.
import { get, id as encoded, query } from '../api.js';
import { address } from '../router.js';
import { chosen } from '../ui/period.js';

// Of the page alone; everything else in the address is an option or a filter.
const PAGE_ALONE = ['from', 'to', 'compare', 'sort', 'drill', 'columns', 'figure', 'page', 'open', 'tab_of'];

export function asked(period = chosen('last30')) {
  const settings = Object.fromEntries(Object.entries(address().query).filter(([name]) => !PAGE_ALONE.includes(name)));
  return { ...settings, ...period };
}
export const runUrl = (report, extra = {}, period) => `/api/v1/reports/${encoded(report)}?${query({ ...asked(period), ...extra })}`;
export const rowsUrl = (report, drill, extra = {}) => `/api/v1/reports/${encoded(report)}/rows?${query({ ...asked(), drill, ...extra })}`;

const lists = new Map();
export function reportList(language) {
  if (!lists.has(language)) lists.set(language, get('/api/v1/reports').catch((failed) => { lists.delete(language); throw failed; }));
  return lists.get(language);
}
