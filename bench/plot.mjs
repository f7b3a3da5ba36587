// Two kinds of pictures as SVG text: dots on a logarithmic axis, a row for each thing compared; and lines over a
// logarithmic axis. They follow the reader's light or dark; contenders differ by shape too, not by colour alone.

const WIDTH = 860;
const STYLE = `
  text { font: 14px system-ui, -apple-system, "Segoe UI", sans-serif; fill: var(--ink) }
  .title { font-size: 18px; font-weight: 600 } .soft { fill: var(--soft) } .small { font-size: 12px } .end { text-anchor: end } .mid { text-anchor: middle }
  .grid { stroke: var(--grid) } .row { stroke: var(--grid); stroke-dasharray: 1 4 } .line { fill: none; stroke-width: 2 }
  svg { --ink: #1d2129; --soft: #5b6472; --grid: #d9dde3; --paper: #ffffff }
  .paper { fill: var(--paper) }
  .c0 { --c: #d95f02 } .c1 { --c: #009e73 } .c2 { --c: #0072b2 } .c3 { --c: #cc79a7 } .c4 { --c: #b59a00 } .c5 { --c: #5a5a5a } .c6 { --c: #7570b3 } .c7 { --c: #a6761d }
  .mark { fill: var(--c) } .ring { fill: none; stroke: var(--c); stroke-width: 2 } .line { stroke: var(--c) }
  @media (prefers-color-scheme: dark) { svg { --ink: #e8eaee; --soft: #a3acb9; --grid: #39404b; --paper: #14171c } .c2 { --c: #56b4e9 } .c5 { --c: #d8d8d8 } .c0 { --c: #ff9e3d } }`
  .replace(/\n {2}/g, '\n');

const escape = (text) => String(text).replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
const n = (number) => String(Math.round(number * 10) / 10);
const text = (x, y, content, classes = '') => `<text x="${n(x)}" y="${n(y)}"${classes && ` class="${classes}"`}>${escape(content)}</text>`;

/** A look of eight: a colour and a shape. The first, which is kilat's, is the largest. */
function mark(x, y, i, title = '') {
  const shapes = [
    (r) => `<circle class="mark" cx="${n(x)}" cy="${n(y)}" r="${r + 2}"/>`,
    (r) => `<rect class="mark" x="${n(x - r)}" y="${n(y - r)}" width="${2 * r}" height="${2 * r}"/>`,
    (r) => `<path class="mark" d="M${n(x)} ${n(y - r - 1)}L${n(x + r + 1)} ${n(y + r)}H${n(x - r - 1)}Z"/>`,
    (r) => `<path class="mark" d="M${n(x)} ${n(y - r - 2)}L${n(x + r + 2)} ${n(y)}L${n(x)} ${n(y + r + 2)}L${n(x - r - 2)} ${n(y)}Z"/>`,
    (r) => `<circle class="ring" cx="${n(x)}" cy="${n(y)}" r="${r}"/>`,
    (r) => `<rect class="ring" x="${n(x - r)}" y="${n(y - r)}" width="${2 * r}" height="${2 * r}"/>`,
    (r) => `<path class="mark" d="M${n(x)} ${n(y + r + 1)}L${n(x + r + 1)} ${n(y - r)}H${n(x - r - 1)}Z"/>`,
    (r) => `<path class="ring" d="M${n(x - r)} ${n(y - r)}L${n(x + r)} ${n(y + r)}M${n(x - r)} ${n(y + r)}L${n(x + r)} ${n(y - r)}"/>`,
  ];
  return `<g class="c${i}">${title && `<title>${escape(title)}</title>`}${shapes[i](4.5)}</g>`;
}

function legend(names, looks, x, y) {
  const parts = [];
  let [left, top] = [x, y];
  names.forEach((name) => {
    const width = 36 + name.length * 7.6;
    if (left + width > WIDTH - 20) [left, top] = [x, top + 22];
    parts.push(mark(left + 6, top - 5, looks[name]), text(left + 18, top, name));
    left += width;
  });
  return { svg: parts.join(''), bottom: top };
}

/** Powers of ten that a logarithmic axis shows, and how it places numbers. */
function logarithmic(values, from, to) {
  const low = Math.floor(Math.log10(Math.min(...values)) + 1e-9);
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...values)) - 1e-9));
  return { ticks: Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i)), at: (value) => from + ((Math.log10(value) - low) / (high - low)) * (to - from) };
}

/** From nothing to a round number above the greatest. */
function linear(values, from, to) {
  const most = Math.max(...values);
  const step = [1, 2, 2.5, 5, 10].map((digit) => digit * 10 ** Math.floor(Math.log10(most / 4))).find((size) => most / size <= 5);
  const high = Math.ceil(most / step) * step;
  return { ticks: Array.from({ length: Math.round(high / step) + 1 }, (_, i) => i * step), at: (value) => from + (value / high) * (to - from) };
}

const frame = (height, label, body) =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${n(height)}" width="${WIDTH}" height="${n(height)}" role="img" aria-label="${escape(label)}">
<style>${STYLE}</style>
<rect class="paper" width="100%" height="100%" rx="6"/>
${body.join('\n')}
</svg>
`;

const heading = (title, subtitle) => [text(20, 32, title, 'title'), text(20, 54, subtitle, 'soft')];

const footing = (lines, y) => lines.map((line, i) => text(20, y + i * 18, line, 'soft small'));

/**
 * A row for each of `rows` (`{ label, values }`, a number by name), a mark for each of `names`, which `looks` gives a look, the axis logarithmic or
 * (`scale: 'linear'`) from zero. `format` says a number; `better` names the end that is good; `footer` has lines.
 */
export function dots({ title, subtitle, names, looks, rows, format, better, footer, scale = 'logarithmic' }) {
  const shown = legend(names, looks, 20, 84);
  const top = shown.bottom + 26;
  const left = 30 + Math.max(...rows.map(({ label }) => label.length)) * 7.4;
  const values = rows.flatMap((row) => names.map((name) => row.values[name])).filter((value) => value > 0);
  const axis = (scale === 'linear' ? linear : logarithmic)(values, left + 12, WIDTH - 36);
  const bottom = top + rows.length * 28;
  const body = [...heading(title, subtitle), shown.svg];
  for (const tick of axis.ticks) body.push(`<path class="grid" d="M${n(axis.at(tick))} ${top}V${bottom}"/>`, text(axis.at(tick), bottom + 18, format(tick), 'soft small mid'));
  rows.forEach(({ label, values: of }, i) => {
    const y = top + i * 28 + 14;
    body.push(text(left, y + 5, label, 'end'), `<path class="row" d="M${n(left + 12)} ${y}H${WIDTH - 36}"/>`);
    // kilat's is drawn last, above the others.
    [...names].reverse().forEach((name) => of[name] > 0 && body.push(mark(axis.at(of[name]), y, looks[name], `${name}: ${format(of[name])}`)));
  });
  body.push(text(WIDTH - 36, bottom + 38, better, 'soft small end'), ...footing(footer, bottom + 62));
  return frame(bottom + 58 + footer.length * 18, title, body);
}

/** A line for each of `names` through `points` (`{ x, values }`), both axes logarithmic, or y from zero. */
export function lines({ title, subtitle, names, looks, points, formatX, format, footer, scale = 'logarithmic' }) {
  const shown = legend(names, looks, 20, 84);
  const [top, left, right] = [shown.bottom + 24, 92, WIDTH - 40];
  const bottom = top + 280;
  const x = logarithmic(points.map((point) => point.x), left, right);
  const values = points.flatMap((point) => names.map((name) => point.values[name])).filter((value) => value > 0);
  const y = (scale === 'linear' ? linear : logarithmic)(values, bottom, top);
  const body = [...heading(title, subtitle), shown.svg];
  for (const tick of y.ticks) body.push(`<path class="grid" d="M${left} ${n(y.at(tick))}H${right}"/>`, text(left - 10, y.at(tick) + 4, format(tick), 'soft small end'));
  for (const tick of x.ticks) body.push(`<path class="grid" d="M${n(x.at(tick))} ${bottom}v6"/>`, text(x.at(tick), bottom + 22, formatX(tick), 'soft small mid'));
  [...names].reverse().forEach((name) => {
    const known = points.filter((point) => point.values[name] > 0);
    body.push(`<path class="line c${looks[name]}" d="M${known.map((point) => `${n(x.at(point.x))} ${n(y.at(point.values[name]))}`).join('L')}"/>`);
    for (const point of known) body.push(mark(x.at(point.x), y.at(point.values[name]), looks[name], `${name}, ${formatX(point.x)} keys: ${format(point.values[name])}`));
  });
  body.push(text(right, bottom + 44, 'keys', 'soft small end'), ...footing(footer, bottom + 66));
  return frame(bottom + 62 + footer.length * 18, title, body);
}
