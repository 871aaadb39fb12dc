// Icons: 16 × 16 strokes in the text's colour, hidden from readers.
import { html, svg } from './html.js';

const dot = (x) => svg`<circle cx=${x} cy="8" r="1.1" fill="currentColor" stroke="none"/>`;
const SHAPES = {
  board: svg`<path d="M2.500 13.500h11M4.500 13.500V8M8 13.500v-11M11.500 13.500V6"/>`,
  chev: svg`<path d="m4 6 4 4 4-4"/>`,
  cols: svg`<rect x="2.5" y="3" width="11" height="10" rx="1.5"/><path d="M6.200 3v10M9.800 3v10"/>`,
  down: svg`<path d="M8 2.500v7.500M4.800 7 8 10.200 11.200 7M3 13.300h10"/>`,
  info: svg`<circle cx="8" cy="8" r="5.5"/><path d="M8 7.300v3.500M8 5.200v.1"/>`,
  link: svg`<path d="M6.800 9.200a2.600 2.600 0 0 0 3.700 0l2-2a2.600 2.600 0 0 0-3.700-3.700l-.8.8M9.200 6.800a2.600 2.600 0 0 0-3.700 0l-2 2a2.600 2.600 0 0 0 3.700 3.700l.8-.8"/>`,
  list: svg`<path d="M2.500 4h11M2.500 8h11M2.500 12h7"/>`,
  more: svg`${dot(3.5)}${dot(8)}${dot(12.5)}`,
  phone: svg`<path d="M3 3.200c0-.4.3-.7.7-.7h1.700c.3 0 .6.200.7.500l.7 2.100c.1.300 0 .6-.2.800L5.400 7a8 8 0 0 0 3.600 3.600l1.100-1.200c.2-.2.500-.3.800-.2l2.100.7c.3.100.5.400.5.700v1.700c0 .4-.3.700-.7.700A9.900 9.900 0 0 1 3 3.200z"/>`,
  plus: svg`<path d="M8 3v10M3 8h10"/>`,
  print: svg`<path d="M4.500 6V2.500h7V6M4.500 11.500h-2V6.300h11v5.200h-2"/><path d="M4.500 9.500h7v4h-7z"/>`,
  save: svg`<path d="m8 2.300 1.700 3.600 3.900.5-2.900 2.700.8 3.900L8 11.100 4.500 13l.8-3.900L2.400 6.400l3.900-.5z"/>`,
  search: svg`<circle cx="7" cy="7" r="4.2"/><path d="m10.200 10.200 3.300 3.300"/>`,
  task: svg`<rect x="2.5" y="2.5" width="11" height="11" rx="2"/><path d="m5.300 8.200 2 2 3.500-4"/>`,
  theme: svg`<circle cx="8" cy="8" r="5.5"/><path d="M8 2.500a5.500 5.500 0 0 1 0 11z" fill="currentColor" stroke="none"/>`,
  undo: svg`<path d="M5.500 3 2.500 6l3 3M2.800 6H10a3.500 3.500 0 0 1 0 7H7"/>`,
  bell: svg`<path d="M3.500 11.500h9c-1-1-1.300-2-1.300-4.500a3.200 3.200 0 0 0-6.400 0c0 2.500-.3 3.500-1.300 4.500zM6.800 13.500h2.400"/>`,
  check: svg`<path d="m3 8.500 3.200 3.200L13 4.800"/>`,
  clock: svg`<circle cx="8" cy="8" r="5.5"/><path d="M8 4.800V8l2.200 1.500"/>`,
  full: svg`<path d="M2.500 6V2.500H6M10 2.500h3.500V6M13.500 10v3.500H10M6 13.500H2.500V10"/>`,
  left: svg`<path d="m10 4-4 4 4 4"/>`,
  right: svg`<path d="m6 4 4 4-4 4"/>`,
  out: svg`<path d="M3.500 12.500 12 4M6 4h6v6"/>`,
  in: svg`<path d="M12.500 3.500 4 12M4 6v6h6"/>`,
  miss: svg`<path d="m2.500 4.500 5.500 5 5.500-5M2.500 8.500v-4h4"/>`,
  play: svg`<path d="M5 3.200v9.600L12.800 8z" fill="currentColor" stroke="none"/>`,
  pause: svg`<path d="M5.500 3.500v9M10.500 3.500v9"/>`,
  tag: svg`<path d="M2.500 2.500h5l6 6-5 5-6-6z"/><circle cx="5.3" cy="5.3" r=".8" fill="currentColor"/>`,
  user: svg`<circle cx="8" cy="5.5" r="2.7"/><path d="M3 13.500c.5-2.700 2.500-4 5-4s4.500 1.300 5 4"/>`,
  form: svg`<rect x="3" y="2.500" width="10" height="11" rx="1.500"/><path d="M5.500 6h5M5.500 8.500h5M5.500 11h3"/>`,
  warn: svg`<path d="M8 2.800 14 13H2zM8 6.500v3M8 11.300v.1"/>`,
  x: svg`<path d="m4 4 8 8M12 4l-8 8"/>`,
};

export const icon = (name) => html`<svg class="i" viewBox="0 0 16 16" aria-hidden="true">${SHAPES[name]}</svg>`;
