// What a plugin died of again and again, set aside: looked at, replayed once
// the plugin is mended, or dropped.
import { html, nothing } from '../html.js';
import { t } from '../i18n.js';
import { get, post } from '../api.js';
import { moment } from '../format.js';
import { blank, skeleton } from '../ui/blank.js';
import { attempt } from '../ui/toast.js';

export function view(redraw) {
  let rows = null;
  let opened = null; // one of them with its bytes
  const load = async () => { rows = await get('/api/v1/poison'); };
  const show = async (row) => {
    opened = opened?.id === row.id ? null : await attempt(() => get(`/api/v1/poison/${row.id}`));
    redraw();
  };
  const act = async (row, what) => {
    await attempt(async () => {
      await post(`/api/v1/poison/${row.id}/${what}`);
      await load();
    }, t(`poison.${what}.done`));
    redraw();
  };
  const bytes = (one) => html`<pre class="poison-bytes" tabindex="0" aria-label=${t('poison.bytes')}>${one.bytes ? one.bytes.text ?? one.bytes.hex : t('poison.not.kept')}</pre>`;
  const one = (row) => html`<li data-poison=${row.id}><span class="dot bad"></span><span><b>${row.entry}</b> <span class="mono">${row.plugin} ${row.version}</span><span class="sub2">${moment(row.at)} · ${row.function} · ${row.subject}</span><span class="sub2 bad-text">${row.reason}</span></span>
    <span class="map"><button class="btn bare sm" aria-expanded=${opened?.id === row.id ? 'true' : 'false'} @click=${() => show(row)}>${t('poison.show')}</button><button class="btn sm" @click=${() => act(row, 'replay')}>${t('poison.replay')}</button><button class="btn bare sm danger" @click=${() => act(row, 'drop')}>${t('delivery.drop')}</button></span>${opened?.id === row.id ? bytes(opened) : nothing}</li>`;
  return {
    load,
    draw: () => (!rows ? html`<section class="box">${skeleton(3)}</section>` : html`<section class="box" aria-labelledby="s7"><header><h2 id="s7">${t('set.poison')}</h2><span class="n">${rows.length}</span></header>${rows.length ? html`<ul class="rows">${rows.map(one)}</ul>` : blank(t('poison.none'), t('poison.none.why'))}</section>`),
  };
}
