// Weekday by hour: a table whose cells are coloured by one hue; at phone width
// it turns, hours down. Each cell opens its calls.
import { html, nothing } from '../html.js';
import { t, language } from '../i18n.js';
import { address, withQuery } from '../router.js';
import { cell } from '../format.js';

const weekdays = () => Array.from({ length: 7 }, (_, i) => new Intl.DateTimeFormat(language(), { weekday: 'short', timeZone: 'UTC' }).format(Date.UTC(2026, 2, 2 + i)));
const two = (n) => String(n).padStart(2, '0');

export function heatMap({ answer, columns }) {
  const measures = columns.filter((c) => c.kind === 'measure');
  const shown = measures.find((c) => c.id === address().query.figure) || measures.find((c) => c.id === 'missed') || measures[0];
  const byKey = new Map(answer.rows.map((row) => [row.key, row]));
  const most = Math.max(1, ...answer.rows.map((row) => row.cells[shown.id] ?? 0));
  const hours = Array.from({ length: 24 }, (_, h) => h).filter((h) => answer.rows.some((row) => row.key.endsWith(`/${two(h)}`)));
  // The service level is good where it is high: there the hue says what lacks.
  const isGood = shown.id === 'service_level';
  const level = (value) => (value == null ? 0 : Math.min(5, Math.ceil(((isGood ? most - value : value) / most) * 5)));
  const one = (day, hour) => {
    const key = `${day + 1}/${two(hour)}`;
    const value = byKey.get(key)?.cells[shown.id];
    if (value == null) return html`<td class="hc h0"></td>`;
    const drill = `${key}:${shown.id}`;
    return html`<td class="hc h${level(value)} ${address().query.drill === drill ? 'on' : ''}"><a class="fig" href=${withQuery({ drill })} data-drill=${drill} data-value=${value} aria-label="${weekdays()[day]} ${two(hour)}:00, ${shown.title}: ${cell(value, shown.type)}">${shown.type === 'integer' ? cell(value, 'integer') : cell(Math.round(value), 'integer')}</a></td>`;
  };
  return html`
    <header><h2>${shown.title}</h2><span class="seg right" role="group" aria-label=${t('heat.show')}>${measures.map((c) => html`<a href=${withQuery({ figure: c.id, drill: null })} aria-current=${c === shown ? 'true' : nothing}>${c.title}</a>`)}</span></header>
    <div class="scroll wide-only"><table class="tbl heat"><caption class="vh">${answer.title}</caption>
      <thead><tr><th scope="col"><span class="vh">${t('heat.day')}</span></th>${hours.map((h) => html`<th scope="col" class="num">${two(h)}</th>`)}</tr></thead>
      <tbody>${weekdays().map((name, day) => html`<tr><th scope="row">${name}</th>${hours.map((h) => one(day, h))}</tr>`)}</tbody></table></div>
    <div class="narrow-only"><table class="tbl heat"><caption class="vh">${answer.title}</caption>
      <thead><tr><th scope="col"><span class="vh">${t('heat.hour')}</span></th>${weekdays().map((name) => html`<th scope="col" class="num">${name}</th>`)}</tr></thead>
      <tbody>${hours.map((h) => html`<tr><th scope="row">${two(h)}</th>${weekdays().map((_, day) => one(day, h))}</tr>`)}</tbody></table></div>`;
}
