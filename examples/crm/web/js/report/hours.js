// Hours of the day and days of the week as one filter: what every report takes
// as day_start, day_end and week_days, said in the address by these names.
import { html, nothing } from '../html.js';
import { icon } from '../icons.js';
import { language, t } from '../i18n.js';
import { address, set, withQuery } from '../router.js';

export const HOURS = ['day_start', 'day_end', 'week_days'];
const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const OFTEN = {
  work: { day_start: '09:00', day_end: '18:00', week_days: 'mon-fri' },
  after: { day_start: '18:00', day_end: '09:00', week_days: null },
  weekend: { day_start: null, day_end: null, week_days: 'sat,sun' },
};

const dayName = (i) => new Intl.DateTimeFormat(language(), { weekday: 'short', timeZone: 'UTC' }).format(Date.UTC(2026, 2, 2 + i));

// "mon-fri, sun" or "1-5" as indices from Monday; a link may say either.
export function daysOf(text) {
  const one = (word) => (/^[1-7]$/.test(word) ? Number(word) - 1 : DAYS.indexOf(word));
  const found = new Set();
  for (const part of (text || '').split(',').map((x) => x.trim()).filter(Boolean)) {
    const [first, last = first] = part.split('-').map((x) => one(x.trim()));
    if (first < 0 || last < 0) continue;
    for (let day = first; ; day = (day + 1) % 7) { found.add(day); if (day === last) break; }
  }
  return [...found].sort((a, b) => a - b);
}
// Days in a row as mon-fri, so that the address stays short.
function textOf(days) {
  const runs = [];
  for (const day of days) {
    if (runs.at(-1)?.at(-1) === day - 1) runs.at(-1).push(day);
    else runs.push([day]);
  }
  return runs.map((run) => (run.length > 2 ? `${DAYS[run[0]]}-${DAYS[run.at(-1)]}` : run.map((d) => DAYS[d]).join(','))).join(',');
}

function shownDays(days) {
  if (days.length > 2 && days.at(-1) - days[0] === days.length - 1) return `${dayName(days[0])}–${dayName(days.at(-1))}`;
  return days.map(dayName).join(', ');
}
function summary({ day_start: start, day_end: end, week_days: text }) {
  const days = daysOf(text);
  const hours = start || end ? `${start || '00:00'}–${end || '24:00'}` : '';
  return [hours, days.length ? shownDays(days) : ''].filter(Boolean).join(', ') || t('all');
}

// The same time twice is no time at all: the server refuses it, so it is not asked.
function take(event) {
  event.preventDefault();
  const data = new FormData(event.target);
  const days = data.getAll('day').map(Number);
  const start = data.get('day_start');
  const end = data.get('day_end') === '00:00' ? '' : data.get('day_end'); // midnight is the day's end
  event.target.closest('[popover]').hidePopover();
  set({ day_start: start === end ? null : start, day_end: start === end ? null : end, week_days: days.length === 7 ? null : textOf(days), drill: null });
}

export function hoursFilter(report) {
  if (!HOURS.every((id) => report.options.some((o) => o.id === id))) return nothing;
  const { query } = address();
  const chosen = daysOf(query.week_days);
  const isSet = HOURS.some((id) => query[id]);
  const hide = (e) => e.target.closest('[popover]').hidePopover();
  return html`
    <button type="button" class="flt ${isSet ? 'set' : ''}" popovertarget="f-hours" data-filter="hours"><span>${t('hours')}</span><b>${summary(query)}</b>${icon('chev')}</button>
    <div popover id="f-hours" class="menu hours">
      ${Object.entries(OFTEN).map(([name, values]) => html`<a href=${withQuery({ ...values, drill: null })} aria-current=${summary(query) === summary(values) ? 'true' : nothing} @click=${hide}>${t(`hours.${name}`)}<span class="sec">${summary(values)}</span></a>`)}
      <hr>
      <form @submit=${take}>
        <fieldset class="two-times"><legend class="sec">${t('hours.of.day')}</legend>
          <label class="sec">${t('hours.from')}<input class="inp" type="time" name="day_start" .value=${query.day_start || ''}></label>
          <label class="sec">${t('hours.to')}<input class="inp" type="time" name="day_end" .value=${query.day_end || ''}></label></fieldset>
        <fieldset class="week"><legend class="sec">${t('hours.days')}</legend>${DAYS.map((id, i) => html`<label class="day-box"><input type="checkbox" name="day" value=${i} .checked=${chosen.includes(i)}><span>${dayName(i)}</span></label>`)}</fieldset>
        <p class="sec">${t('hours.how')}</p>
        <button class="btn pri">${t('period.show')}</button>
        ${isSet ? html`<a href=${withQuery({ day_start: null, day_end: null, week_days: null, drill: null })} @click=${hide}>${t('clear')}</a>` : nothing}
      </form>
    </div>`;
}
