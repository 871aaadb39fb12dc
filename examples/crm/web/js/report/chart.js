// Bars beside the table, in its order; a bar opens the same rows as its figure.
// ECharts is loaded only where a chart is seen.
import { t } from '../i18n.js';
import { go, withQuery } from '../router.js';
import { cell } from '../format.js';
import { askOf, sankeyOptions } from './sankey.js';

let library = null;
const echarts = () => (library ??= import('../../lib/echarts.js'));
const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
// Canvas knows no light-dark(): a probe is asked what colour it is.
function colour(name) {
  const probe = document.createElement('i');
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found || token(name);
}

const ROW = 34;
const MOST = 20;
const SANKEY_HEIGHT = 340;

function optionsOf({ rows, columns, stack, nameOf }) {
  const shown = rows.slice(0, MOST);
  const ink = colour('--ink');
  const quiet = colour('--ink-3');
  const line = colour('--line');
  return {
    animationDuration: 160,
    aria: { enabled: false },
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
    grid: { left: 8, right: 16, top: stack.length > 1 ? 12 + 22 * stack.length : 8, bottom: 24, containLabel: true },
    legend: stack.length > 1 ? { top: 0, left: 0, orient: 'vertical', itemWidth: 12, itemHeight: 12, textStyle: { color: ink } } : undefined,
    tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' }, backgroundColor: colour('--raised'), borderColor: colour('--line-2'), textStyle: { color: ink }, valueFormatter: (v) => cell(v, 'integer') },
    xAxis: { type: 'value', minInterval: 1, axisLabel: { color: quiet, hideOverlap: true }, splitLine: { lineStyle: { color: line } } },
    yAxis: { type: 'category', inverse: true, data: shown.map(nameOf), axisTick: { show: false }, axisLine: { lineStyle: { color: line } }, axisLabel: { color: ink, width: 120, overflow: 'truncate' } },
    series: stack.map((id, i) => ({
      name: columns.find((c) => c.id === id)?.title ?? id,
      type: 'bar', stack: 'all', barMaxWidth: 16, cursor: 'pointer',
      itemStyle: { color: colour(['--c-1', '--c-2', '--c-4'][i] || '--c-3'), borderRadius: 2 },
      data: shown.map((row) => ({ value: row.cells[id] ?? 0, drill: `${row.key}:${id}` })),
    })),
  };
}

// An element that draws itself when it is seen; `update` with new rows.
export function makeChart(element) {
  let chart = null;
  let latest = null;
  let isSeen = false;
  async function draw() {
    if (!isSeen || !latest) return;
    const { init } = await echarts();
    if (!element.isConnected) return;
    element.style.height = latest.isSankey ? `${SANKEY_HEIGHT}px` : `${Math.min(latest.rows.length, MOST) * ROW + 40 + 22 * latest.stack.length}px`;
    chart ??= init(element, null, { renderer: 'canvas' });
    chart.resize();
    chart.setOption(latest.isSankey ? sankeyOptions(latest, colour) : optionsOf(latest), true);
    chart.off('click');
    chart.on('click', ({ data }) => {
      if (latest.isSankey && data) go(withQuery(askOf(data, latest.stack[0])));
      else if (data?.drill) go(withQuery({ drill: data.drill }));
    });
    element.dataset.drawn = '1';
  }
  const watcher = new IntersectionObserver(([entry]) => {
    if (!entry.isIntersecting) return;
    isSeen = true;
    watcher.disconnect();
    draw();
  });
  watcher.observe(element);
  const sizes = new ResizeObserver(() => chart?.resize());
  sizes.observe(element);
  window.addEventListener('theme', draw);
  return {
    update(next) { latest = next; element.setAttribute('aria-label', t('chart.of', { what: next.title })); draw(); },
    end() { watcher.disconnect(); sizes.disconnect(); window.removeEventListener('theme', draw); chart?.dispose(); },
  };
}
