// Sequences as flows: the last step stands at the right beside the call, the
// steps before it to the left. A flow of one sequence opens its rows; a step or
// a flow that several share asks for the sequences with that step.
import { t } from '../i18n.js';

// More flows than that nobody can follow; the table has them all.
const MOST_SEQUENCES = 24;
const MOST_STEPS = 4;
const BETWEEN = ' > ';
export const CALL = 'call';

// rows of multichannel-sequences → {nodes: [{name, depth, step, value}], links: [{source, target, value, keys, step}]}
export function flowsOf(rows, measure) {
  const nodes = new Map();
  const links = new Map();
  const known = rows.filter((row) => row.key !== '-' && row.cells.sequence && row.cells[measure] > 0);
  for (const row of [...known].sort((a, b) => b.cells[measure] - a.cells[measure]).slice(0, MOST_SEQUENCES)) {
    const value = row.cells[measure];
    const steps = row.cells.sequence.split(BETWEEN).slice(-MOST_STEPS);
    const names = [...steps.map((step, i) => `${steps.length - i}|${step}`), CALL];
    names.forEach((name, i) => {
      const node = nodes.get(name) ?? { name, depth: MOST_STEPS - (names.length - 1 - i), step: steps[i] ?? null, value: 0 };
      node.value += value;
      nodes.set(name, node);
      if (i === 0) return;
      const id = `${names[i - 1]}${BETWEEN}${name}`;
      const link = links.get(id) ?? { source: names[i - 1], target: name, value: 0, keys: [], step: steps[i - 1] };
      link.value += value;
      link.keys.push(row.key);
      links.set(id, link);
    });
  }
  // Where no sequence is long, the left columns would stand empty.
  const first = Math.min(MOST_STEPS, ...[...nodes.values()].map((node) => node.depth));
  for (const node of nodes.values()) node.depth -= first;
  return { nodes: [...nodes.values()], links: [...links.values()] };
}

// What a click on a node or a flow asks, as changes of the address.
export function askOf(data, measure) {
  if (data.keys?.length === 1) return { drill: `${data.keys[0]}:${measure}` };
  if (data.name === CALL) return { drill: `total:${measure}` };
  const step = data.step.replace(/ ×\d+$/, '');
  const isLast = data.keys ? data.target === CALL : data.name.startsWith('1|');
  return isLast ? { ends: step, contains: null, drill: null } : { contains: step, ends: null, drill: null };
}

export function sankeyOptions({ rows, columns, stack }, colour) {
  const measure = stack[0];
  const { nodes, links } = flowsOf(rows, measure);
  const steps = [...new Set(nodes.map((node) => node.step).filter(Boolean))];
  const hue = (step) => (step ? colour(`--c-${(steps.indexOf(step) % 7) + 1}`) : colour('--ink-2'));
  const title = columns.find((c) => c.id === measure)?.title ?? measure;
  const label = (node) => (node.step === null ? t('sankey.call') : node.step);
  return {
    animationDuration: 160,
    aria: { enabled: false },
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
    tooltip: {
      backgroundColor: colour('--raised'), borderColor: colour('--line-2'), textStyle: { color: colour('--ink') }, renderMode: 'richText',
      formatter: ({ data }) => `${data.keys ? `${data.step} → ${data.target === CALL ? t('sankey.call') : data.target.split('|').slice(1).join('|')}` : label(data)}\n${title}: ${data.value}`,
    },
    series: [{
      type: 'sankey', left: 8, right: 150, top: 8, bottom: 8, nodeGap: 12, nodeWidth: 10, draggable: false, layoutIterations: 24, emphasis: { focus: 'adjacency' },
      label: { color: colour('--ink'), formatter: ({ data }) => `${label(data)}  ${data.value}`, width: 170, overflow: 'truncate' },
      lineStyle: { color: 'source', opacity: 0.35, curveness: 0.5 },
      data: nodes.map((node) => ({ ...node, itemStyle: { color: hue(node.step), borderWidth: 0 } })),
      links,
    }],
  };
}
