// A chart of bars by days, in the page's colours. What it says is in a table beside it too.
import uPlot from '/ui/lib/uplot/dist/uPlot.esm.js';

const HEIGHT = 220;
const FONT = '12px system-ui, sans-serif';
const days = new Intl.DateTimeFormat('en', { month: 'short', day: 'numeric', timeZone: 'UTC' });

/** Draws into an element, again when its width or the colours change. times are seconds since 1970, format gives a value's text. */
export function barChart(place, times, values, format) {
  let plot;
  const draw = () => {
    plot?.destroy();
    plot = new uPlot(options(place, format), [times, values], place);
  };
  draw();
  let width = place.clientWidth;
  const observer = new ResizeObserver(() => {
    if (!place.isConnected) {
      observer.disconnect();
      scheme.removeEventListener('change', draw);
      plot.destroy();
    } else if (place.clientWidth !== width) {
      width = place.clientWidth;
      plot.setSize({ width, height: HEIGHT });
    }
  });
  observer.observe(place);
  const scheme = matchMedia('(prefers-color-scheme: dark)');
  scheme.addEventListener('change', draw);
}

function options(place, format) {
  const style = getComputedStyle(place);
  const colour = (name) => style.getPropertyValue(name).trim();
  const axis = { stroke: colour('--pico-muted-color'), font: FONT, grid: { stroke: colour('--pico-muted-border-color'), width: 1 }, ticks: { show: false } };
  const bar = colour('--pico-primary');
  return {
    width: place.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'UTC'),
    scales: { x: { range: (_, from, to) => [from - 43_200, to + 43_200] }, y: { range: (_, from, to) => [0, Math.max(1, to) * 1.1] } },
    series: [{}, { stroke: bar, fill: bar, width: 0, points: { show: false }, paths: uPlot.paths.bars({ size: [0.7, 40] }) }],
    axes: [
      { ...axis, grid: { show: false }, values: (_, at) => at.map((seconds) => days.format(new Date(seconds * 1000))) },
      { ...axis, size: 70, values: (_, at) => at.map((value) => (Number.isInteger(value) ? format(value) : '')) },
    ],
  };
}
