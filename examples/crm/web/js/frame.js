// The top bar, the bottom bar at phone width, and the place of the page.
import { html, nothing } from './html.js';
import { icon } from './icons.js';
import { language, t } from './i18n.js';
import { get, query } from './api.js';
import { go } from './router.js';
import { prefer, state } from './state.js';
import { onChange } from './events.js';
import { ownDot, ownPresence } from './presence.js';

const SECTIONS = ['board', 'reports', 'calls', 'inquiries', 'leads', 'tasks', 'contacts', 'settings'];
const BOTTOM = { board: 'board', reports: 'list', calls: 'phone', tasks: 'task' };
let overdue = 0;

// How many tasks are overdue: the one number in the bar.
export async function updateFrame() {
  const count = async () => {
    const where = state.user.employee ? `state = 'overdue' and assignee = '${state.user.employee}'` : "state = 'overdue'";
    try {
      const page = await get(`/api/v1/tasks?${query({ where, limit: 100 })}`);
      overdue = page.next ? '99+' : page.rows.length;
      window.dispatchEvent(new Event('frame'));
    } catch { /* the number is a courtesy */ }
  };
  onChange(['task'], count, 3000);
  await count();
}

// What a role has no right to is not offered; whoever types the address is told why.
const CLOSED = { manager: ['inquiries', 'settings'], head: ['settings'] };
const sections = () => SECTIONS.filter((name) => !CLOSED[state.user.role]?.includes(name));

const logo = html`<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><circle cx="15.5" cy="3.700" r="1.900"/><path d="M15.500 5.800V15a5.200 5.200 0 0 1-10.400 0v-2.600L8.300 15"/></svg>`;

function search(event) {
  event.preventDefault();
  const text = new FormData(event.target).get('q').trim();
  if (text) go(`/contacts?${query({ q: text })}`);
}

function switchTheme() {
  const isDark = (document.documentElement.dataset.theme || (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')) === 'dark';
  prefer({ theme: isDark ? 'light' : 'dark' });
}
async function switchLanguage() {
  await prefer({ language: language() === 'ru' ? 'en' : 'ru' });
  window.dispatchEvent(new Event('language'));
}

const link = (name, current) => html`<a href="/${name}" aria-current=${name === current ? 'page' : nothing}>${t(`nav.${name}`)}${name === 'tasks' && overdue ? html` <span class="n">${overdue}</span>` : ''}</a>`;

const top = (current) => html`
  <header class="top">
    <a class="brand" href="/board">${logo}<b>Hookline</b></a>
    <nav class="nav" aria-label=${t('nav.label')}>${sections().map((name) => link(name, current))}</nav>
    <div class="tools">
      <form class="search" role="search" @submit=${search}>${icon('search')}<input type="search" name="q" id="search" placeholder=${t('search.hint')} aria-label=${t('search.label')}><kbd>/</kbd></form>
      <button class="btn bare sq" id="theme" @click=${switchTheme} aria-label=${t('theme.switch')}>${icon('theme')}</button>
      <button class="btn bare sq" id="language" @click=${switchLanguage} lang=${language() === 'ru' ? 'en' : 'ru'} aria-label=${language() === 'ru' ? 'English' : 'Русский'}>${language() === 'ru' ? 'EN' : 'RU'}</button>
      <button class="who" popovertarget="who" aria-label=${state.user.name}>${state.user.name.slice(0, 1)}${ownDot()}</button>
      <div popover id="who" class="menu left"><h3>${state.user.name}</h3><p class="sec who-role">${t(`role.${state.user.role}`)}</p>${state.user.employee ? ownPresence() : nothing}<a href="/login" @click=${signOut}>${t('sign.out')}</a></div>
    </div>
  </header>`;

async function signOut(event) {
  event.preventDefault();
  event.stopPropagation();
  const { del } = await import('./api.js');
  await del('/crm/session');
  location.assign('/login');
}

const bottom = (current) => html`
  <nav class="bottom" aria-label=${t('nav.label')}>
    ${Object.entries(BOTTOM).map(([name, shape]) => html`<a href="/${name}" aria-current=${name === current ? 'page' : nothing}>${icon(shape)}${t(`nav.${name}`)}</a>`)}
    <button popovertarget="more-pages">${icon('more')}${t('nav.more')}</button>
  </nav>
  <div popover id="more-pages" class="menu up">${sections().filter((name) => !BOTTOM[name]).map((name) => link(name, current))}</div>`;

export const frame = (current) => html`
  <a class="skip" href="#main">${t('skip')}</a>
  ${state.user ? top(current) : nothing}
  <main class="page" id="main" tabindex="-1"></main>
  ${state.user ? bottom(current) : nothing}
  <div id="pops" class="pops"></div>
  <div id="toasts" class="toasts" role="status"></div>`;
