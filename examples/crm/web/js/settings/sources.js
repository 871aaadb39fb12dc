// Where events come from: state, last event, errors.
import { html, nothing } from '../html.js';
import { t, word } from '../i18n.js';
import { get } from '../api.js';
import { integer, moment } from '../format.js';
import { blank, skeleton } from '../ui/blank.js';
import { onChange } from '../events.js';

const TONES = { connected: 'good', listening: 'good', reading: 'good', ready: 'good', connecting: 'warn', waiting: 'warn', stopped: '', idle: '', off: '' };

export function view(redraw) {
  let health = null;
  const load = async () => { health = await get('/api/v1/health'); };
  const end = onChange(['source'], () => load().then(() => redraw()).catch(() => {}), 2000);
  // What went wrong so far, counted since the start.
  const counters = (source) => [['refused', source.refused], ['reconnects', source.reconnects], ['skipped', source.skipped_bytes]].filter(([, n]) => n > 0).map(([name, n]) => t(`set.${name}`, { n: integer(n) })).join(' · ');
  const row = (source) => html`<tr><th scope="row" class="name"><b>${source.name}</b><span class="sub2 mono">${source.plugin}</span></th>
    <td class="st" data-l=${t('set.state')}><span class="dot ${TONES[source.state] ?? 'bad'}"></span> ${word('source', source.state)}${source.text ? html`<span class="sub2 ${TONES[source.state] === 'good' ? '' : 'bad-text'}">${source.text}</span>` : nothing}${counters(source) ? html`<span class="sub2">${counters(source)}</span>` : nothing}</td>
    <td data-l=${t('set.last')}>${source.last_bytes_at ? moment(source.last_bytes_at) : '—'}</td><td class="num" data-l=${t('set.events')}>${source.events == null ? '—' : integer(source.events)}</td></tr>`;
  return {
    load, end,
    draw: () => (!health ? html`<section class="box">${skeleton(4)}</section>` : html`
      <section class="box" aria-labelledby="s1"><header><h2 id="s1">${t('set.sources')}</h2><span class="n">${health.sources.length}</span></header>
        ${health.sources.length ? html`<table class="tbl two cards"><thead><tr><th scope="col" class="name">${t('set.source')}</th><th scope="col">${t('set.state')}</th><th scope="col">${t('set.last')}</th><th scope="col" class="num">${t('set.events')}</th></tr></thead><tbody>${health.sources.map(row)}</tbody></table>` : blank(t('set.no.sources'), t('set.no.sources.why'))}</section>
      <footer class="foot"><span>Hookline ${health.version}</span><span>${t('set.secrets')}</span></footer>`),
  };
}
