// What all pages know: who is signed in, names of people and things.
import { get, post, setCsrf } from './api.js';
import { setZone } from './format.js';
import { language, setLanguage } from './i18n.js';

export const state = { user: null, directory: null };

export async function readSession() {
  const user = await get('/crm/session');
  state.user = user.login ? user : null;
  state.isDemo = user.demo;
  setCsrf(user.csrf);
  setLanguage(user.language || (navigator.language.startsWith('ru') ? 'ru' : 'en'));
  setTheme(user.theme || '');
}

export async function readDirectory() {
  const found = await get('/crm/directory');
  const collator = new Intl.Collator(language());
  found.employees.sort((a, b) => collator.compare(a.name, b.name));
  const byId = (list) => new Map(list.map((entry) => [entry.id, entry]));
  for (const list of ['employees', 'departments', 'lines', 'ad_sources']) found[`${list}ById`] = byId(found[list]);
  found.stagesById = byId(found.funnels.flatMap((funnel) => funnel.stages || []));
  setZone(found.locale.timezone);
  state.directory = found;
}

const nameOf = (map, id) => state.directory?.[map].get(id)?.name || id;
export const employeeName = (id) => nameOf('employeesById', id);
export const departmentName = (id) => nameOf('departmentsById', id);
export const lineName = (id) => nameOf('linesById', id);
export const adSourceName = (id) => nameOf('ad_sourcesById', id);
export const stageName = (id) => {
  const stage = state.directory?.stagesById.get(id);
  return (language() === 'en' && stage?.name_en) || stage?.name || id;
};

export const isAdmin = () => state.user?.role === 'admin';

export function setTheme(theme) {
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
  window.dispatchEvent(new Event('theme'));
}
export async function prefer(change) {
  Object.assign(state.user, change);
  if ('theme' in change) setTheme(change.theme);
  if ('language' in change) setLanguage(change.language);
  await post('/crm/preferences', { language: state.user.language, theme: state.user.theme });
}

// Small choices of this browser alone: columns, closed notes.
export const remembered = (key, otherwise) => {
  try { return JSON.parse(localStorage.getItem(`hookline.${key}`)) ?? otherwise; } catch { return otherwise; }
};
export const remember = (key, value) => {
  try { localStorage.setItem(`hookline.${key}`, JSON.stringify(value)); } catch { /* private window */ }
};
