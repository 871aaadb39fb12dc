// Save, Excel, print, copy the link.
import { html, nothing } from '../html.js';
import { icon } from '../icons.js';
import { t } from '../i18n.js';
import { del, get, post } from '../api.js';
import { attempt, toast } from '../ui/toast.js';
import { runUrl } from './query.js';
import { address } from '../router.js';

let saved = [];
async function readSaved() {
  saved = (await get('/crm/saved')).rows;
  window.dispatchEvent(new Event('saved'));
}
let isRead = false;

export async function saveAddress(event) {
  event.preventDefault();
  const title = new FormData(event.target).get('title');
  event.target.closest('[popover]').hidePopover();
  await attempt(() => post('/crm/saved', { title, address: location.pathname + location.search }), t('saved.done'));
  await readSaved();
}

export async function copyLink() {
  try {
    await navigator.clipboard.writeText(location.href);
    toast(t('link.copied'));
  } catch {
    toast(location.href);
  }
}

// A file by fetch rather than by a link, so that a refusal (no right to
// export) is told in place and not as a page of JSON.
export async function download(url) {
  await attempt(async () => {
    const reply = await fetch(url);
    if (!reply.ok) throw new Error((await reply.json()).detail);
    const name = /filename="([^"]+)"/.exec(reply.headers.get('content-disposition') || '')?.[1] || 'hookline';
    const link = document.createElement('a');
    link.href = URL.createObjectURL(await reply.blob());
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  });
}

export const saveButton = (title) => html`
  <button type="button" class="btn" popovertarget="save-as">${icon('save')}${t('save')}</button>
  <div popover id="save-as" class="menu left"><form class="save-form" @submit=${saveAddress}><label>${t('save.as')}<input class="inp" name="title" required maxlength="100" .value=${title}></label><button class="btn pri">${t('save')}</button></form></div>`;

export function actions(report) {
  return html`<div class="acts">
    ${saveButton(report.title)}
    <button type="button" class="btn" popovertarget="export">${icon('down')}${t('export')}</button>
    <div popover id="export" class="menu left">${['xlsx', 'csv'].map((format) => html`<button type="button" class="item" data-format=${format} @click=${(e) => { e.target.closest('[popover]').hidePopover(); download(runUrl(report.id, { format, ...(address().query.compare === 'before' ? { compare: 'previous' } : {}) })); }}>${t(`export.${format}`)}</button>`)}</div>
    <button type="button" class="btn sq" aria-label=${t('print')} @click=${() => print()}>${icon('print')}</button>
    <button type="button" class="btn sq" aria-label=${t('link.copy')} @click=${copyLink}>${icon('link')}</button>
  </div>`;
}

actions.saved = () => {
  if (!isRead) { isRead = true; readSaved().catch(() => {}); }
  if (!saved.length) return nothing;
  const remove = async (entry) => { await attempt(() => del(`/crm/saved?id=${entry.id}`), t('saved.gone')); await readSaved(); };
  return html`<section class="box rep-list"><header><h2>${t('saved')}</h2></header><ul>${saved.map((entry) => html`<li class="with-x"><a href=${entry.address}><b>${entry.title}</b><span class="sub2">${entry.address}</span></a><button class="btn bare sm sq" aria-label=${t('saved.remove', { title: entry.title })} @click=${() => remove(entry)}>${icon('x')}</button></li>`)}</ul></section>`;
};
