// One table as its recipients have it: schema, facts, and its first rows when they are asked for.
import { api, path } from '/ui/api.js';
import { badge, errorBox, html, nothing, render } from '/ui/dom.js';
import { bytes, count, dateTime, plural, when } from '/ui/format.js';

const ROWS = 20;

export async function show({ root, params, title }) {
  const { share, schema, table } = params;
  title(`${schema}.${table}`);
  const details = await api.get(path`/shares/${share}/tables/${schema}/${table}`);
  let preview = null;
  let error = null;
  let loading = false;
  const load = async () => {
    loading = true;
    error = null;
    update();
    try {
      preview = await api.get(path`/shares/${share}/tables/${schema}/${table}/preview`, { maxResults: ROWS });
    } catch (failure) {
      error = failure;
    }
    loading = false;
    update();
  };
  const update = () =>
    render(
      html`<nav class="crumbs" aria-label="Breadcrumb"><a href="#/shares">Shares</a> / <a href="#/shares/${encodeURIComponent(share)}">${share}</a></nav>
        <h1 tabindex="-1">${details.schema}.${details.name}</h1>
        ${details.comment ? html`<p class="lead">${details.comment}</p>` : nothing}
        ${facts(details)}
        <section>
          <div class="head"><h2>Columns</h2><span class="muted">${plural(details.columns.length, 'column')}</span></div>
          <div class="scroll"><table class="cards">
            <thead><tr><th scope="col">Name</th><th scope="col">Type</th><th scope="col">Nulls</th><th scope="col">Comment</th></tr></thead>
            <tbody>${details.columns.map(
              (column) => html`<tr><th scope="row">${column.name}${column.partition ? html` ${badge('partition')}` : nothing}</th>
                <td data-label="Type"><code>${column.type}</code></td>
                <td data-label="Nulls">${column.nullable ? 'yes' : 'no'}</td>
                <td data-label="Comment">${column.comment ?? nothing}</td></tr>`,
            )}</tbody></table></div>
        </section>
        <section>
          <div class="head"><h2>First rows</h2>
            <div class="actions"><button type="button" class="secondary outline" aria-busy=${loading} ?disabled=${loading} @click=${load}>${preview ? 'Read again' : 'Show them'}</button></div></div>
          ${errorBox(error, load)} ${preview ? rows(preview) : nothing}
        </section>`,
      root,
    );
  update();
}

const facts = (details) => html`<dl class="facts">
  <dt>Version</dt><dd>${count(details.version)}${details.timestamp ? html`, ${when(details.timestamp)} <span class="muted">(${dateTime(details.timestamp)})</span>` : nothing}</dd>
  ${details.rows !== undefined ? html`<dt>Rows</dt><dd>${count(details.rows)}</dd>` : nothing}
  ${details.files !== undefined ? html`<dt>Files</dt><dd>${count(details.files)}, ${bytes(details.bytes)}</dd>` : nothing}
  <dt>History</dt><dd>${details.history_shared ? `shared${details.start_version ? ` from version ${details.start_version}` : ''}` : 'latest version only'}</dd>
  ${details.partition_columns.length ? html`<dt>Partitioned by</dt><dd>${details.partition_columns.join(', ')}</dd>` : nothing}
  ${details.reader_features.length ? html`<dt>Readers need</dt><dd>${details.reader_features.join(', ')}</dd>` : nothing}
  <dt>Place</dt><dd class="mono">${details.storage_location}</dd>
</dl>`;

function rows(preview) {
  if (!preview.rows.length) {
    return html`<p class="muted">The table has no rows.</p>`;
  }
  return html`<div class="scroll rows" tabindex="0" role="region" aria-label="First rows"><table>
      <thead><tr>${preview.columns.map((column) => html`<th scope="col">${column.name}<small>${column.type}</small></th>`)}</tr></thead>
      <tbody>${preview.rows.map((row) => html`<tr>${row.map((value, i) => cell(value, preview.columns[i].type))}</tr>`)}</tbody></table></div>
    <p class="muted">${plural(preview.rows.length, 'row')}${preview.more ? '; there are more' : ''}.
      ${preview.left_out_columns ? `${plural(preview.left_out_columns, 'column')} not shown. ` : ''}${preview.cut ? `${plural(preview.cut, 'long value')} cut.` : ''}</p>`;
}

const NUMBERS = /^(byte|short|integer|long|float|double|decimal)/;

function cell(value, type) {
  if (value === null) {
    return html`<td><span class="null">null</span></td>`;
  }
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return html`<td class=${NUMBERS.test(type) ? 'number' : ''} title=${text.length > 40 ? text : nothing}>${text}</td>`;
}
