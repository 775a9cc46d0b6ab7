// What was done with what is shared, by whom: the events of the audit log, with filters that are in the address.
import { api } from '/ui/api.js';
import { badge, empty, html, nothing, openDialog, render } from '/ui/dom.js';
import { bytes, count, dateTime, relative } from '/ui/format.js';

const PAGE = 50;
const FILTERS = ['from', 'to', 'recipient', 'principal', 'share', 'table', 'action', 'operation', 'status', 'request_id'];
const ACTIONS = [['', 'Any'], ['read', 'Read'], ['create', 'Create'], ['update', 'Update'], ['delete', 'Delete'], ['other', 'Other']];
const OUTCOMES = [['', 'Any'], ['success', 'Succeeded'], ['failure', 'Failed']];
const ACTORS = { RECIPIENT: 'recipient', PRINCIPAL: 'principal', TOKEN: 'token of share.yaml', ANONYMOUS: 'anonymous', SERVER: 'server', UNKNOWN: 'unknown' };
// What a dialog says of an event, in this order; the rest follows.
const FIRST = ['time', 'operation', 'action', 'status', 'error_code', 'share', 'schema', 'table', 'version', 'files', 'bytes', 'duration_ms', 'address', 'request_id', 'id'];

export async function show({ root, query, title, go, reload }) {
  title('Audit log');
  const filter = Object.fromEntries(FILTERS.map((name) => [name, query.get(name) ?? '']));
  // Days are local to nobody: the log has UTC, and "to" is the last day that is meant.
  const parameters = { ...filter, to: filter.to && after(filter.to), maxResults: PAGE };
  const events = [];
  let next;
  const more = async () => {
    const page = await api.get('/audit-events', { ...parameters, pageToken: next });
    events.push(...page.items);
    next = page.nextPageToken;
  };
  await more();

  const apply = (event) => {
    event.preventDefault();
    const form = event.currentTarget;
    const given = FILTERS.map((name) => [name, form.elements[name].value.trim()]).filter(([, value]) => value);
    const to = given.length ? `#/audit?${new URLSearchParams(given)}` : '#/audit';
    if (location.hash === to) {
      reload();
    } else {
      go(to);
    }
  };
  const showMore = async (event) => {
    const button = event.currentTarget;
    button.disabled = true;
    try {
      await more();
      update();
    } finally {
      button.disabled = false;
    }
  };
  const update = () => render(page(), root);

  const input = (label, name, type = 'text', placeholder = '') => html`<label>${label}
    <input name=${name} type=${type} .value=${filter[name]} placeholder=${placeholder} maxlength="255" autocomplete="off" spellcheck="false"></label>`;
  const select = (label, name, choices) => html`<label>${label}
    <select name=${name}>${choices.map(([value, text]) => html`<option value=${value} ?selected=${value === filter[name]}>${text}</option>`)}</select></label>`;
  const rare = ['principal', 'table', 'operation', 'request_id'].some((name) => filter[name]);

  const page = () => html`<h1 tabindex="-1">Audit log</h1>
    <p class="lead">Each request of recipients and principals, the newest first. Times are yours, days are UTC's.</p>
    <form class="filters" @submit=${apply} aria-label="Filter events">
      <div class="fields">
        ${input('From', 'from', 'date')}${input('To', 'to', 'date')}${input('Recipient', 'recipient')}${input('Share', 'share')}
        ${select('Action', 'action', ACTIONS)}${select('Outcome', 'status', OUTCOMES)}
      </div>
      <details ?open=${rare}><summary>More filters</summary><div class="fields">
        ${input('Principal', 'principal')}${input('Table', 'table')}${input('Operation', 'operation', 'text', 'query')}${input('Request id', 'request_id')}
      </div></details>
      <div class="actions"><button type="submit">Filter</button>
        ${Object.values(filter).some(Boolean) ? html`<a href="#/audit">Clear</a>` : nothing}</div>
    </form>
    ${events.length
      ? html`<div class="scroll" tabindex="0" role="region" aria-label="Events"><table class="cards">
          <thead><tr><th scope="col">Time</th><th scope="col">Who</th><th scope="col">What</th><th scope="col">On</th><th scope="col">Status</th><th scope="col" class="number">Bytes</th><td></td></tr></thead>
          <tbody>${events.map(row)}</tbody></table></div>
        <p class="actions after">${next ? html`<button type="button" class="secondary outline" @click=${showMore}>Show more</button>` : nothing}
          <span class="muted" role="status">${count(events.length)}${next ? ' shown' : ' in all'}</span></p>`
      : empty('No event is like this.')}`;
  update();
}

function row(event) {
  return html`<tr>
    <td data-label="Time"><time datetime=${event.time} title=${event.time}>${dateTime(event.time)}</time></td>
    <td data-label="Who">${who(event)}</td>
    <td data-label="What">${event.operation}</td>
    <td data-label="On">${on(event) ? html`<code>${on(event)}</code>` : nothing}</td>
    <td data-label="Status">${status(event)}</td>
    <td data-label="Bytes" class="number">${event.bytes === undefined ? nothing : bytes(event.bytes)}</td>
    <td class="end"><div class="actions"><button type="button" class="small secondary outline" aria-label="Details of ${event.operation}, ${dateTime(event.time)}" @click=${() => details(event)}>Details</button></div></td>
  </tr>`;
}

const who = ({ actor }) => html`${actor.name || ACTORS[actor.type] || actor.type}${actor.name ? html` <small class="muted">${ACTORS[actor.type] ?? actor.type}</small>` : nothing}`;

const on = (event) =>
  event.table
    ? [event.share, event.schema, event.table].filter(Boolean).join('.')
    : (event.resources ?? []).map((resource) => resource.name).join(', ');

const status = (event) => badge(event.error_code ? `${event.status} ${event.error_code}` : String(event.status), event.status < 400 ? 'good' : event.status < 500 ? 'warn' : 'bad');

function details(event) {
  const names = [...FIRST, ...Object.keys(event).filter((name) => !FIRST.includes(name) && name !== 'actor' && name !== 'resources')];
  openDialog(
    ({ close, title }) => html`<h2 id=${title}>${event.operation}</h2>
      <dl class="facts">
        <dt>who</dt><dd>${who(event)}</dd>
        ${names
          .filter((name) => event[name] !== undefined && event[name] !== '')
          .map((name) => html`<dt>${name.replaceAll('_', ' ')}</dt><dd>${name === 'time' ? `${event.time} (${relative(event.time)})` : String(event[name])}</dd>`)}
        ${(event.resources ?? []).map((resource) => html`<dt>${resource.type.toLowerCase()}</dt><dd>${resource.name}${resource.change ? `: ${resource.change}` : ''}</dd>`)}
      </dl>
      <footer><button type="button" @click=${() => close()}>Close</button></footer>`,
    { wide: true },
  );
}

/** The day after a day. */
function after(day) {
  const date = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(date.getTime())) {
    return day;
  }
  date.setUTCDate(date.getUTCDate() + 1);
  return date.toISOString().slice(0, 10);
}
