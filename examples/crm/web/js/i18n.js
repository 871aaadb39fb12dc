// Words of the pages. Names of employees, tags, stages are data and never pass here.
import { en } from './words/en.js';
import { ru } from './words/ru.js';

const LANGUAGES = { ru, en };
let current = 'ru';

export const language = () => current;
export function setLanguage(code) {
  current = LANGUAGES[code] ? code : 'en';
  document.documentElement.lang = current;
}

// t('calls.of', {n: 5}): the word with {n} filled in; a list of forms is chosen by n.
export function t(key, values = {}) {
  let word = LANGUAGES[current][key] ?? LANGUAGES.en[key] ?? key;
  if (Array.isArray(word)) word = word[formOf(values.n)];
  return word.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '');
}

// Whether there is a word for it, e.g. of a code that came from the API.
export const word = (group, code) => (code == null ? '' : LANGUAGES[current][`${group}.${code}`] ?? code);

// Russian has one, few, many; English one, other.
function formOf(n) {
  const rule = new Intl.PluralRules(current).select(Math.abs(n));
  return current === 'ru' ? { one: 0, few: 1, many: 2, other: 1 }[rule] : rule === 'one' ? 0 : 1;
}
