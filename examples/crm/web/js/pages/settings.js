// /settings/TAB for admins: what runs, the YAML, what went wrong, who did what.
import { html, nothing, render } from '../html.js';
import { t } from '../i18n.js';
import { address } from '../router.js';
import { blankOf, skeleton } from '../ui/blank.js';

const TABS = {
  sources: () => import('../settings/sources.js'),
  plugins: () => import('../settings/plugins.js'),
  config: () => import('../settings/config.js'),
  unassigned: () => import('../settings/unassigned.js'),
  deliveries: () => import('../settings/deliveries.js'),
  poison: () => import('../settings/poison.js'),
  audit: () => import('../settings/audit.js'),
};

export function mount(place) {
  let open = null; // {tab, view}

  const tab = () => address().path.split('/')[2] || 'sources';
  // A tab is `view(redraw)`, which returns {draw, load}.
  async function show() {
    const name = TABS[tab()] ? tab() : 'sources';
    if (open?.tab !== name) {
      open = { tab: name, view: null };
      draw();
      const module = await TABS[name]();
      const view = module.view(draw);
      open = { tab: name, view };
      await view.load();
    }
    draw();
  }
  function draw(failed = null) {
    document.title = `${t('nav.settings')} · Hookline`;
    render(html`<header class="head"><div><h1>${t('nav.settings')}</h1></div></header>
      <nav class="tabs" aria-label=${t('nav.settings')}>${Object.keys(TABS).map((name) => html`<a href="/settings/${name}" aria-current=${name === open?.tab ? 'page' : nothing}>${t(`set.${name}`)}</a>`)}</nav>
      ${failed ? html`<section class="box">${blankOf(failed, update)}</section>` : open?.view ? open.view.draw() : html`<section class="box">${skeleton(5)}</section>`}`, place);
  }
  function update() { show().catch(draw); }
  update();
  return { update, unmount() { open?.view?.end?.(); } };
}
