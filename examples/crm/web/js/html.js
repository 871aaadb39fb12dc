// Markup: lit-html, so that a name from outside is text and never markup.
// No style attributes (the CSP forbids them): widths go by `.style=${…}`.
export { html, svg, render, nothing } from '../lib/lit-html/lit-html.js';
export { repeat } from '../lib/lit-html/directives/repeat.js';
export { live } from '../lib/lit-html/directives/live.js';
export { ref } from '../lib/lit-html/directives/ref.js';
