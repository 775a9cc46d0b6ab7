// What there is, and what was published last.
import { api } from '/ui/api.js';
import { empty, html, nothing, render } from '/ui/dom.js';
import { count, plural, when } from '/ui/format.js';

const LATEST = 5;

export async function show({ root, session, title, can }) {
  title('Overview');
  const [shares, recipients, publications] = await Promise.all([
    api.all('/shares'),
    api.all('/recipients'),
    api.all('/publications'),
  ]);
  const latest = publications.sort((a, b) => b.updated_at.localeCompare(a.updated_at)).slice(0, LATEST);
  const fixed = shares.filter((share) => share.read_only).length;
  const tile = (href, number, one) => html`<a href=${href}><strong>${count(number)}</strong>${number === 1 ? one : `${one}s`}</a>`;
  render(
    html`<h1 tabindex="-1">Overview</h1>
      <p class="lead">Signed in as ${session.name} (${session.role.toLowerCase()})</p>
      <div class="tiles">
        ${tile('#/shares', shares.length, 'share')} ${tile('#/recipients', recipients.length, 'recipient')}
        ${tile('#/publications', publications.length, 'publication')}
      </div>
      <section>
        <div class="head"><h2>Published last</h2></div>
        ${latest.length
          ? html`<div class="scroll"><table class="cards">
              <thead><tr><th scope="col">Publication</th><th scope="col">Shared as</th><th scope="col" class="number">Rows</th><th scope="col">By</th><th scope="col">When</th></tr></thead>
              <tbody>${latest.map(
                (one) => html`<tr>
                  <th scope="row">${one.name}</th>
                  <td data-label="Shared as">${one.share
                    ? html`<a href="#/shares/${encodeURIComponent(one.share)}/${encodeURIComponent(one.schema)}/${encodeURIComponent(one.table)}">${one.share}.${one.schema}.${one.table}</a>`
                    : html`<span class="muted">not shared</span>`}</td>
                  <td data-label="Rows" class="number">${count(one.rows)}</td>
                  <td data-label="By">${one.updated_by}</td>
                  <td data-label="When">${when(one.updated_at)}</td></tr>`,
              )}</tbody></table></div>`
          : empty('No file was published yet.')}
      </section>
      ${can('EDITOR') && !shares.length
        ? html`<section><h2>Begin here</h2>
            <p>A recipient reads what is in a share: <a href="#/shares">make a share</a>, add tables to it, <a href="#/recipients">make a recipient</a>, and let it read the share.</p></section>`
        : nothing}
      ${fixed ? html`<p class="muted">${plural(fixed, 'share is', 'shares are')} in the server’s configuration, and changed there.</p>` : nothing}`,
    root,
  );
}
