// Who may use the admin API and this page. Admins only.
import { api, path } from '/ui/api.js';
import { badge, field, formDialog, html, nothing, render, secret, showDialog, toast } from '/ui/dom.js';
import { when } from '/ui/format.js';

const ROLES = [
  ['VIEWER', 'Viewer: sees everything, changes nothing'],
  ['EDITOR', 'Editor: changes shares, recipients and grants'],
  ['ADMIN', 'Admin: principals too'],
];

export async function show({ root, session, title, reload }) {
  title('Principals');
  const principals = await api.all('/principals');
  render(
    html`<div class="head"><h1 tabindex="-1">Principals</h1>
        <div class="actions"><button type="button" @click=${() => create(reload)}>New principal</button></div></div>
      <p class="lead">People and programs that use this page and the admin API, each with a token of its own.</p>
      <div class="scroll"><table class="cards">
        <thead><tr><th scope="col">Name</th><th scope="col">Role</th><th scope="col">Last use</th><th scope="col">Created</th><th scope="col"><span hidden>Actions</span></th></tr></thead>
        <tbody>${principals.map(
          (one) => html`<tr>
            <th scope="row">${one.name}${one.name === session.name ? html` ${badge('you')}` : nothing}</th>
            <td data-label="Role">${badge(one.role.toLowerCase(), one.role === 'ADMIN' ? 'warn' : '')}</td>
            <td data-label="Last use">${when(one.last_used_at, 'never')}</td>
            <td data-label="Created">${when(one.created_at)} by ${one.created_by}</td>
            <td><div class="actions">
              <button type="button" class="small secondary outline" @click=${() => changeRole(one, reload)} aria-label="Change the role of ${one.name}">Role</button>
              <button type="button" class="small secondary outline" @click=${() => rotate(one, session, reload)} aria-label="Rotate the token of ${one.name}">Rotate token</button>
              <button type="button" class="small danger" @click=${() => remove(one, reload)} aria-label="Delete ${one.name}">Delete</button>
            </div></td></tr>`,
        )}</tbody></table></div>`,
    root,
  );
}

const showToken = (name, token) =>
  showDialog(`The token of ${name}`, html`<p>It is shown this once, and stored nowhere. Hand it over by a safe way.</p>${secret('Token', token)}`);

async function create(reload) {
  const made = await formDialog({
    title: 'New principal',
    action: 'Create principal',
    body: html`${field({ label: 'Name', name: 'name', required: true, maxlength: 255, autofocus: true })}
      ${field({ label: 'Role', name: 'role', options: ROLES, value: 'VIEWER' })}`,
    submit: (values) => api.post('/principals', values),
  });
  if (made) {
    await showToken(made.name, made.bearer_token);
    reload();
  }
}

/** With its version, so that a change by somebody else is seen. */
const current = (one) => api.get(path`/principals/${one.name}`);

async function changeRole(one, reload) {
  const before = await current(one);
  const done = await formDialog({
    title: `Role of ${one.name}`,
    action: 'Change role',
    body: field({ label: 'Role', name: 'role', options: ROLES, value: before.role }),
    submit: (values) => api.patch(path`/principals/${one.name}`, values, { ifMatch: before }),
    reload,
  });
  if (done) {
    toast(`${one.name} is ${done.role.toLowerCase()} now`);
    reload();
  }
}

async function rotate(one, session, reload) {
  const done = await formDialog({
    title: `Rotate the token of ${one.name}?`,
    action: 'Rotate token',
    danger: true,
    body: html`<p>Its token and its sessions at this page end at once${one.name === session.name ? ', this one too: sign in again with the new token' : ''}.</p>`,
    submit: () => api.post(path`/principals/${one.name}/rotate-token`),
  });
  if (done) {
    await showToken(one.name, done.bearer_token);
    reload();
  }
}

async function remove(one, reload) {
  const before = await current(one);
  const done = await formDialog({
    title: `Delete ${one.name}?`,
    action: 'Delete principal',
    danger: true,
    body: html`<p>Its token and its sessions at this page end at once. What it made stays.</p>`,
    submit: () => api.delete(path`/principals/${one.name}`, {}, { ifMatch: before }).then(() => true),
    reload,
  });
  if (done) {
    toast(`${one.name} was deleted`);
    reload();
  }
}
