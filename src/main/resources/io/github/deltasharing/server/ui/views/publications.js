// The tables that were made of files: list, code to hand over, end of sharing.
import { api, path } from '/ui/api.js';
import { badge, empty, field, formDialog, html, nothing, render, showDialog, toast } from '/ui/dom.js';
import { bytes, count, plural, when } from '/ui/format.js';
import { snippetBox } from '/ui/snippets.js';

export async function show({ root, can, title, reload }) {
  title('Publications');
  const publications = await api.all('/publications');
  const sharedAs = (item) => (item.share ? `${item.share}.${item.schema}.${item.table}` : '');

  const code = async (item) => {
    try {
      const snippets = await api.get(path`/publications/${item.name}/snippets`);
      await showDialog(`Read ${sharedAs(item)}`, html`<p class="muted">There is no secret in it: recipients have their own <code>config.share</code>.</p>${snippetBox(snippets)}`);
    } catch (error) {
      toast(error.message);
    }
  };
  const unshare = async (item) => {
    const done = await formDialog({
      title: `Unshare ${item.name}`,
      danger: true,
      action: 'Unshare',
      body: html`<p>Recipients stop seeing the table at once${item.share ? html`, and <code>${sharedAs(item)}</code> is taken out of its share` : nothing}. The publication leaves this list.</p>
        ${field({ label: 'Delete its files too', name: 'purge', type: 'checkbox', hint: 'They cannot be brought back. Otherwise the table stays where it is, and can be shared again by its location.' })}`,
      submit: (values) => api.delete(path`/publications/${item.name}`, { purge: String(values.purge) }),
    });
    if (done) {
      toast(`${item.name} is not shared any more`);
      reload();
    }
  };

  const row = (item) => html`<tr>
    <th scope="row">${item.name}${item.comment ? html`<br><small class="muted">${item.comment}</small>` : nothing}</th>
    <td data-label="Shared as">${item.share ? html`<a href="#/shares/${encodeURIComponent(item.share)}"><code>${sharedAs(item)}</code></a>` : badge('not shared')}</td>
    <td data-label="Rows" class="number">${count(item.rows)}${item.set_aside ? html`<br><small class="muted">${plural(item.set_aside, 'line')} set aside</small>` : nothing}</td>
    <td data-label="File">${item.file_name}<br><small class="muted">${bytes(item.file_bytes)}, version ${item.table_version}</small></td>
    <td data-label="Published">${when(item.updated_at)}<br><small class="muted">by ${item.updated_by}</small></td>
    <td class="end"><div class="actions">
      ${item.share ? html`<button type="button" class="small secondary outline" aria-label="Code for ${item.name}" @click=${() => code(item)}>Code</button>` : nothing}
      ${can('EDITOR') ? html`<button type="button" class="small danger" aria-label="Unshare ${item.name}" @click=${() => unshare(item)}>Unshare</button>` : nothing}
    </div></td>
  </tr>`;

  const publish = can('EDITOR') ? html`<a role="button" href="#/publish">Publish a file</a>` : nothing;
  render(
    html`<div class="head"><h1 tabindex="-1">Publications</h1><div class="actions">${publications.length ? publish : nothing}</div></div>
      <p class="lead">Files that became tables.</p>
      ${publications.length
        ? html`<div class="scroll" tabindex="0" role="region" aria-label="Publications"><table class="cards">
            <thead><tr><th scope="col">Name</th><th scope="col">Shared as</th><th scope="col" class="number">Rows</th><th scope="col">Latest file</th><th scope="col">Published</th><td></td></tr></thead>
            <tbody>${publications.map(row)}</tbody></table></div>`
        : empty('Nothing was published yet. A file becomes a table, and is shared, in one step.', publish)}`,
    root,
  );
}
