// All shares, and making one.
import { api } from '/ui/api.js';
import { badge, empty, field, formDialog, html, nothing, render, toast } from '/ui/dom.js';
import { when } from '/ui/format.js';

export async function show({ root, title, can, go, reload }) {
  title('Shares');
  const shares = await api.all('/shares');
  const create = can('EDITOR')
    ? html`<button type="button" @click=${() => makeShare(go)}>New share</button>`
    : nothing;
  let filter = '';
  const update = () => {
    const found = shares.filter((share) => `${share.name} ${share.display_name ?? ''} ${share.comment ?? ''}`.toLowerCase().includes(filter));
    render(
      html`<div class="head"><h1 tabindex="-1">Shares</h1><div class="actions">${create}</div></div>
        ${shares.length > 8 ? html`<input type="search" aria-label="Filter shares" placeholder="Filter" @input=${(e) => { filter = e.target.value.trim().toLowerCase(); update(); }}>` : nothing}
        ${found.length
          ? html`<div class="scroll"><table class="cards">
              <thead><tr><th scope="col">Share</th><th scope="col">Comment</th><th scope="col">Owner</th><th scope="col">Changed</th></tr></thead>
              <tbody>${found.map(
                (share) => html`<tr>
                  <th scope="row"><a href="#/shares/${encodeURIComponent(share.name)}">${share.name}</a>
                    ${share.display_name ? html`<br><span class="muted">${share.display_name}</span>` : nothing}
                    ${share.read_only ? html` ${badge('configuration')}` : nothing}</th>
                  <td data-label="Comment">${share.comment ?? nothing}</td>
                  <td data-label="Owner">${share.owner ?? nothing}</td>
                  <td data-label="Changed">${when(share.updated_at)}</td></tr>`,
              )}</tbody></table></div>`
          : empty(shares.length ? 'No share has this in its name or comment.' : 'There is no share yet. A share is what recipients are let to read: tables, by schemas.')}`,
      root,
    );
  };
  update();
}

async function makeShare(go) {
  const made = await formDialog({
    title: 'New share',
    action: 'Create share',
    body: html`
      ${field({ label: 'Name', name: 'name', required: true, maxlength: 255, autofocus: true, hint: 'What recipients write in their queries. It cannot be changed later.' })}
      ${field({ label: 'Display name', name: 'display_name', maxlength: 255 })}
      ${field({ label: 'Comment', name: 'comment', rows: 2 })}`,
    submit: (values) => api.post('/shares', Object.fromEntries(Object.entries(values).filter(([, value]) => value))),
  });
  if (made) {
    toast(`Share ${made.name} was created`);
    go(`#/shares/${encodeURIComponent(made.name)}`);
  }
}
