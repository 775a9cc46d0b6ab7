// How much is used: by days as charts with their tables, by recipients and by tables.
import { api } from '/ui/api.js';
import { empty, html, nothing, render } from '/ui/dom.js';
import { bytes, count, day, when } from '/ui/format.js';
import { barChart } from '/ui/chart.js';

const DAYS = [7, 30, 90, 365];
const MOST = 20;
const DAY_MILLIS = 86_400_000;

export async function show({ root, query, title, go }) {
  title('Usage');
  const days = DAYS.includes(Number(query.get('days'))) ? Number(query.get('days')) : 30;
  const only = { recipient: query.get('recipient') ?? '', share: query.get('share') ?? '' };
  const today = new Date(Math.floor(Date.now() / DAY_MILLIS) * DAY_MILLIS);
  const from = new Date(today.getTime() - (days - 1) * DAY_MILLIS).toISOString().slice(0, 10);
  const usage = (group) => api.get('/usage', { group_by: group, from, ...only, maxResults: 1000 });
  const [byDay, byRecipient, byTable] = await Promise.all([usage('day'), usage('recipient'), usage('table')]);
  const series = daily(byDay.items, from, days);
  const used = byDay.items.length > 0;

  const choose = (name, value) => {
    const wanted = Object.entries({ days: String(days), ...only, [name]: value }).filter(([, text]) => text);
    go(`#/usage?${new URLSearchParams(wanted)}`);
  };
  const total = (field) => series.reduce((sum, one) => sum + one[field], 0);
  const charts = used ? [chart('Requests by day', series, 'requests', count), chart('Bytes by day', series, 'bytes', bytes)] : [];
  const given = Object.entries(only).filter(([, value]) => value);

  render(
    html`<div class="head"><h1 tabindex="-1">Usage</h1>
        <div class="actions"><label class="inline">Period <select name="days" @change=${(event) => choose('days', event.target.value)}>
          ${DAYS.map((number) => html`<option value=${number} ?selected=${number === days}>${number} days</option>`)}</select></label></div></div>
      <p class="lead">What recipients did with tables. What they read from an object store is not among the bytes.</p>
      ${given.map(([name, value]) => html`<p>Only ${name} <strong>${value}</strong> <button type="button" class="small secondary outline" @click=${() => choose(name, '')}>Show all</button></p>`)}
      ${used
        ? html`<div class="tiles numbers">
              <div>Requests <strong>${count(total('requests'))}</strong></div>
              <div>Bytes <strong>${bytes(total('bytes'))}</strong></div>
              <div>Failed <strong>${count(total('errors'))}</strong></div>
            </div>
            ${charts.map((one) => html`<section>${one.element}</section>`)}
            ${ranking('By recipient', 'Recipient', byRecipient, (item) =>
              item.recipient ? html`<a href=${`#/usage?${new URLSearchParams({ days, recipient: item.recipient })}`}>${item.recipient}</a>` : html`<span class="muted">token of share.yaml</span>`)}
            ${ranking('By table', 'Table', byTable, (item) => html`<code>${item.share}.${item.schema}.${item.table}</code>`)}`
        : empty('Nothing was used in this time.')}`,
    root,
  );
  // Charts take the width that they have in the page.
  requestAnimationFrame(() => charts.forEach((one) => one.draw()));
}

/** An item for each day, also for those without any use. */
function daily(items, from, days) {
  const known = new Map(items.map((item) => [item.day, item]));
  return Array.from({ length: days }, (_, i) => {
    const name = new Date(Date.parse(`${from}T00:00:00Z`) + i * DAY_MILLIS).toISOString().slice(0, 10);
    return { requests: 0, bytes: 0, errors: 0, ...known.get(name), day: name };
  });
}

function chart(title, series, field, format) {
  const element = document.createElement('div');
  const place = document.createElement('div');
  place.className = 'chart';
  place.setAttribute('aria-hidden', 'true');
  const rows = series.filter((one) => one[field]).reverse();
  render(
    html`<h2>${title}</h2>${place}
      <details><summary>As a table</summary><div class="scroll" tabindex="0" role="region" aria-label=${title}><table>
        <thead><tr><th scope="col">Day</th><th scope="col" class="number">${title.split(' ')[0]}</th></tr></thead>
        <tbody>${rows.map((one) => html`<tr><th scope="row">${day(`${one.day}T12:00:00Z`)}</th><td class="number">${format(one[field])}</td></tr>`)}</tbody>
      </table></div></details>`,
    element,
  );
  return { element, draw: () => barChart(place, series.map((one) => Date.parse(`${one.day}T00:00:00Z`) / 1000), series.map((one) => one[field]), format) };
}

/** The most used first, with bars. */
function ranking(title, kind, { items, truncated }, name) {
  const shown = items.slice(0, MOST);
  const most = Math.max(1, ...shown.map((item) => item.bytes));
  return html`<section><h2>${title}</h2>
    <div class="scroll" tabindex="0" role="region" aria-label=${title}><table class="cards">
      <thead><tr><th scope="col">${kind}</th><th scope="col" class="number">Requests</th><th scope="col" class="number">Failed</th><th scope="col" class="number">Bytes</th><td></td><th scope="col">Last used</th></tr></thead>
      <tbody>${shown.map((item) => html`<tr><th scope="row">${name(item)}</th>
        <td data-label="Requests" class="number">${count(item.requests)}</td>
        <td data-label="Failed" class="number">${count(item.errors)}</td>
        <td data-label="Bytes" class="number">${bytes(item.bytes)}</td>
        <td class="bar-cell"><meter aria-hidden="true" max=${most} value=${item.bytes}></meter></td>
        <td data-label="Last used">${when(item.last_used_at)}</td></tr>`)}</tbody>
    </table></div>
    ${items.length > MOST || truncated ? html`<p class="muted"><small>The first ${count(MOST)} by bytes.</small></p>` : nothing}</section>`;
}
