// The filter bar: each filter shows its name and its value and opens a menu of
// links or ticks; what it says is the address.
import { html, nothing } from '../html.js';
import { icon } from '../icons.js';
import { t } from '../i18n.js';
import { address, set, withQuery } from '../router.js';

const LONG = 8; // of a list, from which it gets a field to search in

function narrow(event) {
  const text = event.target.value.toLowerCase();
  for (const option of event.target.closest('[popover]').querySelectorAll('.opt')) option.hidden = !option.textContent.toLowerCase().includes(text);
}

function several(name, chosen, id, on) {
  const next = on ? [...chosen, id] : chosen.filter((x) => x !== id);
  set({ [name]: next.join(',') });
}

// values: [{id, title}]; several at once, comma in the address.
export function manyFilter({ name, title, values, nobody = false }) {
  const chosen = (address().query[name] || '').split(',').filter(Boolean);
  const all = nobody ? [...values, { id: '-', title: t('nobody') }] : values;
  const titles = chosen.map((id) => all.find((v) => v.id === id)?.title || id);
  const shown = titles.length ? titles[0] + (titles.length > 1 ? ` ${t('and.more', { n: titles.length - 1 })}` : '') : t('all');
  return html`
    <button type="button" class="flt ${chosen.length ? 'set' : ''}" popovertarget="f-${name}" data-filter=${name}><span>${title}</span><b>${shown}</b>${icon('chev')}</button>
    <div popover id="f-${name}" class="menu scrolls">
      ${all.length > LONG ? html`<input class="inp" type="search" placeholder=${t('search.in')} aria-label=${t('search.in')} @input=${narrow}>` : nothing}
      ${all.map((v) => html`<label class="opt"><input type="checkbox" .checked=${chosen.includes(v.id)} @change=${(e) => several(name, chosen, v.id, e.target.checked)}>${v.title}</label>`)}
      ${chosen.length ? html`<hr><a href=${withQuery({ [name]: null })}>${t('clear')}</a>` : nothing}
    </div>`;
}

// One of a few; `fallback` is what holds without the parameter.
export function oneFilter({ name, title, values, fallback }) {
  const current = address().query[name] || fallback;
  const found = values.find((v) => v.id === current);
  return html`
    <button type="button" class="flt ${current !== fallback ? 'set' : ''}" popovertarget="f-${name}" data-filter=${name}><span>${title}</span><b>${found?.title ?? current}</b>${icon('chev')}</button>
    <div popover id="f-${name}" class="menu">${values.map((v) => html`<a href=${withQuery({ [name]: v.id === fallback ? null : v.id })} aria-current=${v.id === current ? 'true' : nothing} @click=${hide}>${v.title}</a>`)}</div>`;
}
function hide(event) { event.target.closest('[popover]')?.hidePopover(); }

export const flag = ({ name, title }) => html`<label class="opt"><input type="checkbox" name=${name} .checked=${address().query[name] === 'true'} @change=${(e) => set({ [name]: e.target.checked ? 'true' : null })}>${title}</label>`;

// A number or a text typed; Enter or leaving the field takes it.
export const typed = ({ name, title, fallback = '', type = 'text' }) => html`
  <label class="flt ${address().query[name] ? 'set' : ''}"><span>${title}</span><input class="bare-inp" type=${type} .value=${address().query[name] || fallback} @change=${(e) => set({ [name]: e.target.value === String(fallback) ? null : e.target.value }, { replace: true })}></label>`;

// At phone width filters that are not set wait behind one button.
export function moreButton() {
  return html`<button type="button" class="btn only-m" @click=${(e) => e.target.closest('.bar').classList.toggle('all')}>${icon('plus')}${t('filters.more')}</button>`;
}

// One of a few within a menu, where a menu of its own would not open.
export const choice = ({ name, title, values, fallback }) => html`
  <label class="flt ${address().query[name] ? 'set' : ''}"><span>${title}</span><select class="bare-inp" @change=${(e) => set({ [name]: e.target.value === fallback ? null : e.target.value })}>${values.map((v) => html`<option value=${v.id} ?selected=${v.id === (address().query[name] || fallback)}>${v.title}</option>`)}</select></label>`;
