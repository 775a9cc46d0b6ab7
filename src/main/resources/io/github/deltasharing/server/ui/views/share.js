// One share: its tables, who may read it, what is said of it.
import { api, path } from '/ui/api.js';
import { badge, empty, field, formDialog, html, nothing, render, toast } from '/ui/dom.js';
import { plural, when } from '/ui/format.js';

/** What a list of tables shows at first. */
const MOST_TABLES = 500;

export async function show({ root, params, title, can, go, reload }) {
  const name = params.share;
  title(name);
  const [share, tables, grants] = await Promise.all([
    api.get(path`/shares/${name}`),
    api.get(path`/shares/${name}/tables`, { maxResults: MOST_TABLES }),
    api.get(path`/shares/${name}/permissions`),
  ]);
  const change = can('EDITOR') && !share.read_only;
  const context = { share, tables, grants, change, grant: can('EDITOR'), go, reload };
  render(
    html`<nav class="crumbs" aria-label="Breadcrumb"><a href="#/shares">Shares</a></nav>
      <div class="head"><h1 tabindex="-1">${share.name}</h1>
        ${change
          ? html`<div class="actions"><button type="button" class="secondary outline" @click=${() => edit(context)}>Edit</button>
              <button type="button" class="danger" @click=${() => remove(context)}>Delete</button></div>`
          : nothing}</div>
      ${share.display_name ? html`<p class="lead">${share.display_name}</p>` : nothing}
      ${share.read_only ? html`<p class="message note">This share is in the server’s configuration, and is changed there. It can be granted here.</p>` : nothing}
      <dl class="facts">
        ${share.comment ? html`<dt>Comment</dt><dd>${share.comment}</dd>` : nothing}
        ${share.owner ? html`<dt>Owner</dt><dd>${share.owner}</dd>` : nothing}
        ${Object.entries(share.properties ?? {}).map(([key, value]) => html`<dt>${key}</dt><dd>${value}</dd>`)}
        ${share.created_at
          ? html`<dt>Created</dt><dd>${when(share.created_at)} by ${share.created_by}</dd>
              <dt>Changed</dt><dd>${when(share.updated_at)} by ${share.updated_by}</dd>`
          : nothing}
      </dl>
      ${tablesSection(context)} ${grantsSection(context)}`,
    root,
  );
}

function tablesSection({ share, tables, change, reload }) {
  const schemas = share.objects.filter((object) => object.type === 'SCHEMA');
  return html`<section>
    <div class="head"><h2>Tables</h2>
      ${change ? html`<div class="actions"><button type="button" @click=${() => add(share, reload)}>Add a table or directory</button></div>` : nothing}</div>
    ${tables.items.length
      ? html`<div class="scroll"><table class="cards">
          <thead><tr><th scope="col">Table</th><th scope="col">Place</th><th scope="col">History</th><th scope="col">Added</th>${change ? html`<th scope="col"><span hidden>Actions</span></th>` : nothing}</tr></thead>
          <tbody>${tables.items.map((table) => tableRow(share, table, change, reload))}</tbody></table></div>`
      : empty(schemas.length ? 'No Delta table is in the directories of this share now.' : 'There is nothing in this share yet.')}
    ${tables.nextPageToken ? html`<p class="muted">The first ${tables.items.length} tables.</p>` : nothing}
    ${schemas.length
      ? html`<h3 class="muted">Directories shared as schemas</h3><div class="scroll"><table class="cards">
          <thead><tr><th scope="col">Schema</th><th scope="col">Directory</th><th scope="col">History</th>${change ? html`<th scope="col"><span hidden>Actions</span></th>` : nothing}</tr></thead>
          <tbody>${schemas.map(
            (object) => html`<tr><th scope="row">${object.shared_as}</th><td data-label="Directory" class="mono">${object.storage_location}</td>
              <td data-label="History">${history(object)}</td>
              ${change ? html`<td><div class="actions">${removeButton(share, object, reload)}</div></td>` : nothing}</tr>`,
          )}</tbody></table></div>`
      : nothing}
  </section>`;
}

const history = (object) =>
  object.history_shared ? html`${badge('shared', 'good')}${object.start_version ? ` from version ${object.start_version}` : nothing}` : html`<span class="muted">latest version only</span>`;

const tableHref = (share, table) => `#/shares/${[share, table.schema, table.name].map(encodeURIComponent).join('/')}`;

function tableRow(share, table, change, reload) {
  const object = share.objects.find((one) => one.shared_object_id && one.shared_object_id === table.shared_object_id);
  return html`<tr>
    <th scope="row"><a href=${tableHref(share.name, table)}>${table.schema}.${table.name}</a>
      ${object?.comment ? html`<br><span class="muted">${object.comment}</span>` : nothing}</th>
    <td data-label="Place" class="mono">${table.storage_location}</td>
    <td data-label="History">${history(table)}</td>
    <td data-label="Added">${object?.added_at ? html`${when(object.added_at)} by ${object.added_by}` : share.read_only ? nothing : html`<span class="muted">by its directory</span>`}</td>
    ${change ? html`<td>${object ? html`<div class="actions">${removeButton(share, object, reload)}</div>` : nothing}</td>` : nothing}</tr>`;
}

const removeButton = (share, object, reload) =>
  html`<button type="button" class="small danger" aria-label="Remove ${object.shared_as}" @click=${async () => {
    const done = await formDialog({
      title: `Remove ${object.shared_as}?`,
      action: 'Remove',
      danger: true,
      body: html`<p>Recipients of <strong>${share.name}</strong> do not see ${object.type === 'SCHEMA' ? 'its tables' : 'it'} any more, from their next request on. No file is deleted.</p>`,
      submit: () =>
        api.patch(path`/shares/${share.name}`, { updates: [{ action: 'REMOVE', data_object: { name: object.name, shared_as: object.shared_as } }] }, { ifMatch: share }),
      reload,
    });
    if (done) {
      toast(`${object.shared_as} was removed`);
      reload();
    }
  }}>Remove</button>`;

async function add(share, reload) {
  const done = await formDialog({
    title: `Add to ${share.name}`,
    action: 'Add',
    body: html`
      ${field({ label: 'What', name: 'type', options: [['TABLE', 'A Delta table'], ['SCHEMA', 'A directory: all Delta tables right in it, later ones too']], value: 'TABLE' })}
      ${field({ label: 'Place', name: 'storage_location', required: true, autofocus: true, placeholder: '/data/orders', hint: 'An absolute path or URI, below what the server is allowed to share.' })}
      ${field({ label: 'Shared as', name: 'shared_as', required: true, placeholder: 'sales.orders', hint: 'What recipients see: schema.table for a table, a schema for a directory. Backticks around a part that has dots.' })}
      ${field({ label: 'Comment', name: 'comment', rows: 2 })}
      ${field({ label: 'Share its history: older versions and changes', name: 'history_shared', type: 'checkbox' })}
      ${field({ label: 'History from version', name: 'start_version', type: 'number', min: 0, placeholder: '0' })}`,
    submit: (values) =>
      api.patch(
        path`/shares/${share.name}`,
        {
          updates: [
            {
              action: 'ADD',
              data_object: {
                name: values.shared_as,
                type: values.type,
                shared_as: values.shared_as,
                storage_location: values.storage_location,
                comment: values.comment || undefined,
                history_shared: values.history_shared,
                start_version: values.start_version ? Number(values.start_version) : undefined,
              },
            },
          ],
        },
        { ifMatch: share },
      ),
    reload,
  });
  if (done) {
    toast('Added');
    reload();
  }
}

function grantsSection({ share, grants, grant, reload }) {
  return html`<section>
    <div class="head"><h2>Who may read it</h2>
      ${grant ? html`<div class="actions"><button type="button" @click=${() => addGrant(share, grants, reload)}>Grant</button></div>` : nothing}</div>
    ${grants.items.length
      ? html`<div class="scroll"><table class="cards">
          <thead><tr><th scope="col">Recipient</th><th scope="col">Granted</th>${grant ? html`<th scope="col"><span hidden>Actions</span></th>` : nothing}</tr></thead>
          <tbody>${grants.items.map(
            (one) => html`<tr><th scope="row"><a href="#/recipients/${encodeURIComponent(one.recipient_name)}">${one.recipient_name}</a></th>
              <td data-label="Granted">${when(one.granted_at)} by ${one.granted_by}</td>
              ${grant ? html`<td><div class="actions">${revokeButton(share.name, one.recipient_name, reload)}</div></td>` : nothing}</tr>`,
          )}</tbody></table></div>`
      : empty('No recipient may read this share.')}
  </section>`;
}

export const revokeButton = (share, recipient, reload) =>
  html`<button type="button" class="small danger" aria-label="Revoke ${share} from ${recipient}" @click=${async () => {
    const done = await formDialog({
      title: `Revoke ${share} from ${recipient}?`,
      action: 'Revoke',
      danger: true,
      body: html`<p>From its next request on, <strong>${recipient}</strong> does not see the share any more; URLs of files that it has do not work any more either.</p>`,
      submit: () => api.patch(path`/shares/${share}/permissions`, { changes: [{ recipient_name: recipient, remove: ['SELECT'] }] }),
    });
    if (done) {
      toast(`${recipient} does not read ${share} any more`);
      reload();
    }
  }}>Revoke</button>`;

async function addGrant(share, grants, reload) {
  const has = new Set(grants.items.map((one) => one.recipient_name));
  const others = (await api.all('/recipients')).filter((one) => !has.has(one.name));
  if (!others.length) {
    toast(has.size ? 'Every recipient may read it already' : 'There is no recipient yet. Make one first');
    return;
  }
  const done = await formDialog({
    title: `Grant ${share.name}`,
    action: 'Grant',
    body: field({ label: 'Recipient', name: 'recipient', options: others.map((one) => [one.name, one.name]), value: others[0].name }),
    submit: ({ recipient }) => api.patch(path`/shares/${share.name}/permissions`, { changes: [{ recipient_name: recipient, add: ['SELECT'] }] }),
  });
  if (done) {
    toast('Granted');
    reload();
  }
}

const propertiesText = (properties) => Object.entries(properties ?? {}).map(([key, value]) => `${key}=${value}`).join('\n');

function properties(text) {
  return Object.fromEntries(
    text.split('\n').filter((line) => line.trim()).map((line) => {
      const at = line.indexOf('=');
      if (at < 1) {
        throw new Error(`'${line}' is no property. Write key=value, one a line`);
      }
      return [line.slice(0, at).trim(), line.slice(at + 1).trim()];
    }),
  );
}

async function edit({ share, reload }) {
  const done = await formDialog({
    title: `Edit ${share.name}`,
    action: 'Save',
    body: html`
      ${field({ label: 'Display name', name: 'display_name', maxlength: 255, value: share.display_name ?? '', autofocus: true })}
      ${field({ label: 'Comment', name: 'comment', rows: 3, value: share.comment ?? '' })}
      ${field({ label: 'Owner', name: 'owner', maxlength: 255, value: share.owner })}
      ${field({ label: 'Properties', name: 'properties', rows: 3, spellcheck: 'false', value: propertiesText(share.properties), hint: 'key=value, one a line.' })}`,
    submit: (values) => api.patch(path`/shares/${share.name}`, { ...values, properties: properties(values.properties) }, { ifMatch: share }),
    reload,
  });
  if (done) {
    toast('Saved');
    reload();
  }
}

async function remove({ share, tables, grants, go, reload }) {
  const readers = grants.items.map((one) => one.recipient_name);
  const done = await formDialog({
    title: `Delete ${share.name}?`,
    action: 'Delete share',
    danger: true,
    body: html`<p>With it end:</p>
      <ul>
        <li>${tables.nextPageToken ? 'more than ' : ''}${plural(tables.items.length, 'shared table')}. No file is deleted.</li>
        <li>${readers.length ? html`access of ${readers.slice(0, 10).join(', ')}${readers.length > 10 ? ` and ${readers.length - 10} more` : ''}` : 'access of nobody: it is granted to no recipient'}.</li>
      </ul>`,
    submit: () => api.delete(path`/shares/${share.name}`, {}, { ifMatch: share }).then(() => true),
    reload,
  });
  if (done) {
    toast(`${share.name} was deleted`);
    go('#/shares');
  }
}
