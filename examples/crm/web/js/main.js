// The application: who is signed in, which page the address means, what changes.
import { html, render } from './html.js';
import { t } from './i18n.js';
import * as router from './router.js';
import { readDirectory, readSession, state } from './state.js';
import { frame, updateFrame } from './frame.js';
import { blankOf } from './ui/blank.js';
import { startEvents } from './events.js';
import { startPop } from './pages/pop.js';
import { startKeys } from './keys.js';

const PAGES = {
  board: () => import('./pages/board.js'),
  reports: () => import('./pages/reports.js'),
  calls: () => import('./pages/calls.js'),
  inquiries: () => import('./pages/inquiries.js'),
  leads: () => import('./pages/leads.js'),
  tasks: () => import('./pages/tasks.js'),
  contacts: () => import('./pages/contacts.js'),
  settings: () => import('./pages/settings.js'),
  login: () => import('./pages/login.js'),
};

const root = document.getElementById('app');
let open = null; // {name, page, place}

// The section the address means; nobody signed in sees the log-in alone.
function sectionOf() {
  const [name = 'board'] = router.address().path.split('/').filter(Boolean);
  return state.user ? (name === 'login' ? 'board' : name) : 'login';
}

// A page is `mount(place)`, which draws into it and returns {update, unmount}.
async function show() {
  const wanted = sectionOf();
  render(frame(wanted), root);
  const place = document.getElementById('main');
  if (open?.name === wanted && open.place === place && open.language === document.documentElement.lang) {
    open.page.update();
    return;
  }
  open?.page.unmount?.();
  open = null;
  render('', place);
  try {
    const module = await (PAGES[wanted] || PAGES.board)();
    const page = module.mount(place);
    open = { name: wanted, page, place, language: document.documentElement.lang };
    window.scrollTo(0, 0);
  } catch (failed) {
    render(blankOf(failed), place);
  }
}

async function start() {
  await readSession();
  if (state.user) {
    await readDirectory();
    startEvents();
    startPop();
    updateFrame();
  }
  router.start(show);
  startKeys();
  window.addEventListener('signed-out', () => { state.user = null; show(); });
  window.addEventListener('language', () => show());
  window.addEventListener('frame', () => render(frame(sectionOf()), root));
  await show();
}

start().catch((failed) => render(html`<main class="page">${blankOf(failed)}<p class="vh">${t('error.title')}</p></main>`, root));
