// Signing in. Offers the demo's users where it is one.
import { html, nothing, render } from '../html.js';
import { t, language, setLanguage } from '../i18n.js';
import { post } from '../api.js';
import { state } from '../state.js';

const DEMO_USERS = ['admin', 'head', 'anna', 'dmitry'];
const DEMO_PASSWORD = 'hookline-demo';

export function mount(place) {
  let complaint = '';
  let isBusy = false;

  async function signIn(event) {
    event.preventDefault();
    const data = new FormData(event.target);
    isBusy = true;
    draw();
    try {
      await post('/crm/session', { login: data.get('login'), password: data.get('password') });
      // The whole page anew: nothing of an earlier user stays in memory.
      location.assign(location.pathname === '/login' ? '/board' : location.pathname + location.search);
    } catch (failed) {
      complaint = failed.message;
      isBusy = false;
      draw();
    }
  }
  function fill(login) {
    place.querySelector('[name=login]').value = login;
    place.querySelector('[name=password]').value = DEMO_PASSWORD;
  }
  const demo = () => html`<div class="note"><span>${t('login.demo')} ${DEMO_USERS.map((login) => html`<button type="button" class="btn sm" @click=${() => fill(login)}>${login}</button> `)}</span></div>`;
  function draw() {
    document.title = `${t('login.title')} · Hookline`;
    render(html`
      <form class="login box pad" @submit=${signIn}>
        <h1>Hookline</h1>
        <label>${t('login.name')}<input class="inp" name="login" autocomplete="username" required autofocus></label>
        <label>${t('login.password')}<input class="inp" name="password" type="password" autocomplete="current-password" required></label>
        <p class="complaint" role="alert">${complaint}</p>
        <button class="btn pri" ?disabled=${isBusy}>${t('login.go')}</button>
        ${state.isDemo ? demo() : nothing}
        <button type="button" class="btn bare sm" lang=${language() === 'ru' ? 'en' : 'ru'} @click=${() => { setLanguage(language() === 'ru' ? 'en' : 'ru'); draw(); }}>${language() === 'ru' ? 'English' : 'Русский'}</button>
      </form>`, place);
  }
  draw();
  return { update: draw };
}
