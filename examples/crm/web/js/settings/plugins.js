// What is loaded, with each plugin's settings documented by itself, and its
// troubles as the runtime counts them by the config's entry.
import { html, nothing } from '../html.js';
import { t } from '../i18n.js';
import { get } from '../api.js';
import { skeleton } from '../ui/blank.js';

const KINDS = { 'hookline.pbx-adapter/1': 'pbx', 'hookline.lead-classifier/1': 'classifier', 'hookline.task-rule/1': 'task', 'hookline.report/1': 'report' };

export function view() {
  let plugins = null;
  let health = null;
  const kind = (plugin) => (plugin.interfaces || []).map((i) => KINDS[i]).filter(Boolean).map((k) => t(`plugin.${k}`)).join(', ') || '—';
  const settings = (plugin) => {
    const all = Object.entries(plugin.settings?.properties || {});
    if (!all.length) return html`<span class="mut">${t('none')}</span>`;
    return html`<details><summary>${t('plugin.settings', { n: all.length })}</summary><dl class="set-list">${all.map(([name, setting]) => html`<dt><code>${name}</code>${(plugin.settings.required || []).includes(name) ? html` <span class="chip">${t('required')}</span>` : nothing}</dt><dd>${setting.description || ''}${setting.default !== undefined ? html` <span class="sec">${t('by.default')} <code>${JSON.stringify(setting.default)}</code></span>` : nothing}</dd>`)}</dl></details>`;
  };
  // An entry is called as its source or as its plugin.
  const entriesOf = (plugin) => [plugin.id, ...health.sources.filter((s) => s.plugin === plugin.id).map((s) => s.name)];
  const troubles = (plugin) => {
    const own = (list) => list.filter((one) => entriesOf(plugin).includes(one.entry));
    const told = own(health.isolated).flatMap((c) => [c.deaths && t('plugin.deaths', { n: c.deaths }), c.set_aside && t('plugin.aside', { n: c.set_aside })]);
    told.push(...own(health.slow_calls).map((c) => t('plugin.slow', { n: c.count, s: c.longest_s })));
    const lines = told.filter(Boolean);
    return lines.length ? lines.map((line) => html`<span class="sub2 bad-text">${line}</span>`) : html`<span class="mut">${t('plugin.fine')}</span>`;
  };
  return {
    load: async () => { [plugins, health] = await Promise.all([get('/api/v1/plugins'), get('/api/v1/health')]); },
    draw: () => (!plugins ? html`<section class="box">${skeleton(6)}</section>` : html`
      <section class="box" aria-labelledby="s2"><header><h2 id="s2">${t('set.plugins')}</h2><span class="n">${t('plugin.running', { n: plugins.length })}</span></header>
      <div class="scroll"><table class="tbl cards plg"><thead><tr><th scope="col" class="name">${t('plugin')}</th><th scope="col">${t('f.kind')}</th><th scope="col">${t('plugin.does')}</th><th scope="col">${t('nav.settings')}</th><th scope="col">${t('plugin.counters')}</th><th scope="col" class="num">${t('plugin.version')}</th></tr></thead>
      <tbody>${plugins.map((p) => html`<tr><th scope="row" class="name mono">${p.id}</th><td class="sec" data-l=${t('f.kind')}>${kind(p)}</td><td data-l=${t('plugin.does')}>${p.summary}</td><td data-l=${t('nav.settings')}>${settings(p)}</td><td data-l=${t('plugin.counters')}>${troubles(p)}</td><td class="num mut" data-l=${t('plugin.version')}>${p.version}</td></tr>`)}</tbody></table></div></section>`),
  };
}
