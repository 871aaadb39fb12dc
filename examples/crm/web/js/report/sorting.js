// Sorting by a click on the head: first the useful way (figures down, names
// up), then the other, then the report's own. Nobody's row stays last.
import { address, withQuery } from '../router.js';
import { isFigure } from '../format.js';

export function sortOf() {
  const text = address().query.sort || '';
  return text ? { id: text.replace(/^-/, ''), down: text.startsWith('-') } : null;
}
export function nextSort(column) {
  const now = sortOf();
  const first = isFigure(column) ? `-${column.id}` : column.id;
  const second = isFigure(column) ? column.id : `-${column.id}`;
  const text = now?.id !== column.id ? first : (now.down ? `-${now.id}` : now.id) === first ? second : null;
  return withQuery({ sort: text, page: null });
}
export const ariaSort = (column) => {
  const now = sortOf();
  return now?.id === column.id ? (now.down ? 'descending' : 'ascending') : null;
};

export function sorted(rows, language) {
  const by = sortOf();
  if (!by) return rows;
  const collator = new Intl.Collator(language, { numeric: true });
  const compare = (a, b) => {
    if ((a.key === '-') !== (b.key === '-')) return a.key === '-' ? 1 : -1;
    const [x, y] = [a.cells[by.id], b.cells[by.id]];
    if (x == null || y == null) return (x == null) - (y == null); // unknown last, whichever way
    const order = typeof x === 'number' && typeof y === 'number' ? x - y : collator.compare(x, y);
    return by.down ? -order : order;
  };
  return [...rows].sort(compare);
}
