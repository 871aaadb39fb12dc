// A table is one stop of Tab; arrows, Home and End move in it. Cells that hold
// a link or a button take part.
const STOPS = 'a[href], button:not([disabled])';

function cells(table) {
  return [...table.rows].map((row) => [...row.cells].map((cell) => cell.querySelector(STOPS)).filter(Boolean)).filter((row) => row.length);
}

export function makeGrid(table) {
  if (!table) return;
  const all = [...table.querySelectorAll(STOPS)];
  const current = all.find((stop) => stop.tabIndex === 0 && stop.dataset.stop) || table.querySelector('tbody a[href], tbody button') || all[0];
  for (const stop of all) {
    stop.tabIndex = stop === current ? 0 : -1;
    stop.dataset.stop = '1';
  }
  if (table.dataset.grid) return;
  table.dataset.grid = '1';
  table.addEventListener('keydown', (event) => move(event, table));
  table.addEventListener('focusin', (event) => {
    const stop = event.target.closest(STOPS);
    if (!stop) return;
    for (const other of table.querySelectorAll('[data-stop]')) other.tabIndex = other === stop ? 0 : -1;
  });
}

function move(event, table) {
  const steps = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] };
  const isEdge = event.key === 'Home' || event.key === 'End';
  if ((!steps[event.key] && !isEdge) || event.target.closest('input, textarea, select, .player, .detrow')) return;
  const rows = cells(table);
  const y = rows.findIndex((row) => row.includes(event.target));
  if (y < 0) return;
  event.preventDefault();
  const x = rows[y].indexOf(event.target);
  if (isEdge) return void (event.key === 'Home' ? rows[y][0] : rows[y].at(-1)).focus();
  const [dy, dx] = steps[event.key];
  const row = rows[Math.min(rows.length - 1, Math.max(0, y + dy))];
  // From a row with fewer cells to one with more: the same distance from the right.
  const to = dy && row.length !== rows[y].length ? row.length - (rows[y].length - x) : x + dx;
  row[Math.min(row.length - 1, Math.max(0, to))]?.focus();
}
