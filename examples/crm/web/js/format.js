// How values are written; the rules are those of the design system.
import { language, t } from './i18n.js';

let zone = 'UTC';
export const setZone = (name) => { zone = name; };
export const zoneName = () => zone;

const cached = new Map();
const of = (kind, options) => {
  const key = kind + language() + zone + JSON.stringify(options);
  if (!cached.has(key)) cached.set(key, new Intl[kind](language() === 'en' ? 'en-GB' : 'ru-RU', options));
  return cached.get(key);
};
const date = (options) => of('DateTimeFormat', { timeZone: zone, ...options });
export const NULL = '—';

export const integer = (n) => of('NumberFormat', { maximumFractionDigits: 0 }).format(n);
export const decimal = (n) => of('NumberFormat', { minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(n);
export const percent = (n) =>
  of('NumberFormat', { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(n) + (language() === 'ru' ? '\u00a0%' : '%');
export const money = (minor, currency) =>
  of('NumberFormat', { style: 'currency', currency: currency || 'RUB', currencyDisplay: 'narrowSymbol', minimumFractionDigits: minor % 100 ? 2 : 0 }).format(minor / 100);

// 0:04 · 5:50 · 1:02:05
export function clock(seconds) {
  if (seconds == null) return NULL;
  const s = Math.floor(seconds);
  const two = (n) => String(n).padStart(2, '0');
  return s < 3600 ? `${Math.floor(s / 60)}:${two(s % 60)}` : `${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
}
// The two largest units, cut off: 16 h 09 min · 20.0 s
export function spell(seconds) {
  if (seconds == null) return NULL;
  if (seconds < 60) return t('time.s', { s: decimal(Math.floor(seconds * 10) / 10) });
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return t('time.min', { m: minutes });
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return t('time.h', { h: hours, m: String(minutes % 60).padStart(2, '0') });
  return t('time.d', { d: Math.floor(hours / 24), h: hours % 24 });
}

export const time = (iso) => date({ hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(new Date(iso));
export const hourMinute = (iso) => date({ hour: '2-digit', minute: '2-digit' }).format(new Date(iso));
export const day = (iso) => date({ day: 'numeric', month: 'long', weekday: 'long' }).format(new Date(iso));
export const shortDay = (iso) => date({ day: 'numeric', month: 'short' }).format(new Date(iso));
export const moment = (iso) => (iso ? `${shortDay(iso)} ${hourMinute(iso)}` : NULL);
export const fullMoment = (iso) =>
  date({ day: 'numeric', month: 'long', year: 'numeric', hour: '2-digit', minute: '2-digit' }).format(new Date(iso));
// The day of a moment in the report's zone, as in addresses: 2026-03-02
export const isoDay = (iso) => {
  const parts = Object.fromEntries(date({ year: 'numeric', month: '2-digit', day: '2-digit' }).formatToParts(new Date(iso)).map((p) => [p.type, p.value]));
  return `${parts.year}-${parts.month}-${parts.day}`;
};

// 2–3 March 2026 for two days of addresses
export function period(from, to) {
  if (!from || !to) return t('period.all');
  const [a, b] = [new Date(`${from}T12:00:00Z`), new Date(`${to}T12:00:00Z`)];
  const format = of('DateTimeFormat', { timeZone: 'UTC', day: 'numeric', month: 'long', year: 'numeric' });
  // Russian adds « г.», which a filter need not say.
  return (from === to ? format.format(a) : format.formatRange(a, b)).replace(/\s?г\.$/u, '');
}

// +7 916 111-00-01; others in groups of three
export function phone(number) {
  if (!number) return t('phone.withheld');
  const russian = /^\+7(\S{3})(\S{3})(\S{2})(\S{2})$/u.exec(number);
  if (russian) return `+7\u00a0${russian[1]}\u00a0${russian[2]}-${russian[3]}-${russian[4]}`;
  return number.replace(/^(\+\d)(\d{3})(\d{3})(\d+)$/, '$1\u00a0$2\u00a0$3\u00a0$4');
}

// A cell of a report by the type of its column.
export function cell(value, type, currency) {
  if (value == null) return NULL;
  if (type === 'integer') return integer(value);
  if (type === 'percent') return percent(value);
  if (type === 'decimal' || type === 'seconds') return decimal(value);
  if (type === 'money') return money(value, currency);
  if (type === 'time') return moment(value);
  return String(value);
}
// A dimension may be a number too (a weekday), and opens nothing.
export const isFigure = (column) => column.kind === 'measure' && column.type !== 'text' && column.type !== 'time';
