// One recipient: its tokens, where it may come from, what it may read.
import { api, path } from '/ui/api.js';
import { badge, empty, field, formDialog, html, nothing, render, toast } from '/ui/dom.js';
import { dateTime, plural, when } from '/ui/format.js';
import { networks, policyFields, policyOf, showActivation } from '/ui/views/recipients.js';
import { revokeButton } from '/ui/views/share.js';

const GRACES = [
  ['86400', '24 hours: the recipient changes over when it can'],
  ['3600', '1 hour'],
  ['604800', '7 days'],
  ['0', 'None: the old token ends at once, and all that was issued by it'],
];

export async function show({ root, params, title, can, go, reload }) {
  const name = params.recipient;
  title(name);
  const [recipient, grants] = await Promise.all([
    api.get(path`/recipients/${name}`),
    api.get(path`/recipients/${name}/share-permissions`),
  ]);
  const change = can('EDITOR');
  const byToken = recipient.auth_type === 'TOKEN';
  const context = { recipient, grants, go, reload };
  render(
    html`<nav class="crumbs" aria-label="Breadcrumb"><a href="#/recipients">Recipients</a></nav>
      <div class="head"><h1 tabindex="-1">${recipient.name}</h1>
        ${change
          ? html`<div class="actions">
              ${byToken ? html`<button type="button" @click=${() => rotate(context)}>Rotate token</button>` : nothing}
              <button type="button" class="secondary outline" @click=${() => edit(context)}>Edit</button>
              <button type="button" class="danger" @click=${() => remove(context)}>Delete</button></div>`
          : nothing}</div>
      <dl class="facts">
        ${recipient.comment ? html`<dt>Comment</dt><dd>${recipient.comment}</dd>` : nothing}
        <dt>Signs in by</dt><dd>${byToken ? 'a token of this server' : 'its own identity provider'}</dd>
        ${byToken ? nothing : policyFacts(recipient.oidc_policy)}
        <dt>May come from</dt><dd>${recipient.ip_access_list.length ? html`<span class="mono">${recipient.ip_access_list.join(', ')}</span>` : 'any address'}</dd>
        <dt>Owner</dt><dd>${recipient.owner}</dd>
        <dt>Created</dt><dd>${when(recipient.created_at)} by ${recipient.created_by}</dd>
        <dt>Changed</dt><dd>${when(recipient.updated_at)} by ${recipient.updated_by}</dd>
      </dl>
      <section>
        <div class="head"><h2>What it may read</h2>
          ${change ? html`<div class="actions"><button type="button" @click=${() => grant(context)}>Grant a share</button></div>` : nothing}</div>
        ${grants.items.length
          ? html`<div class="scroll"><table class="cards">
              <thead><tr><th scope="col">Share</th><th scope="col">Granted</th>${change ? html`<th scope="col"><span hidden>Actions</span></th>` : nothing}</tr></thead>
              <tbody>${grants.items.map(
                (one) => html`<tr><th scope="row"><a href="#/shares/${encodeURIComponent(one.share_name)}">${one.share_name}</a></th>
                  <td data-label="Granted">${when(one.granted_at)} by ${one.granted_by}</td>
                  ${change ? html`<td><div class="actions">${revokeButton(one.share_name, recipient.name, reload)}</div></td>` : nothing}</tr>`,
              )}</tbody></table></div>`
          : empty('It may read no share yet.')}
      </section>
      ${byToken ? tokensSection(recipient, change, context) : nothing}`,
    root,
  );
}

const policyFacts = (policy) => html`
  <dt>Issuer</dt><dd class="mono">${policy.issuer}</dd>
  <dt>Audiences</dt><dd class="mono">${policy.audiences.join(', ')}</dd>
  <dt>${policy.subject_claim}</dt><dd class="mono">${policy.subject}</dd>`;

function state(token) {
  const now = Date.now();
  if (token.revoked_at) {
    return badge('revoked');
  }
  if (new Date(token.expires_at) <= now) {
    return badge('expired');
  }
  if (!token.activated) {
    return new Date(token.activation_expires_at) <= now ? badge('link expired', 'bad') : badge('waits for its link', 'warn');
  }
  return token.superseded_at ? badge('ends soon', 'warn') : badge('active', 'good');
}

const tokensSection = (recipient, change, context) => html`<section>
  <div class="head"><h2>Tokens</h2>
    ${change && recipient.tokens.some((one) => !one.revoked_at && new Date(one.expires_at) > Date.now())
      ? html`<div class="actions"><button type="button" class="danger" @click=${() => revoke(context)}>Revoke all</button></div>`
      : nothing}</div>
  <div class="scroll"><table class="cards">
    <thead><tr><th scope="col">State</th><th scope="col">Made</th><th scope="col">Activated</th><th scope="col">Expires</th><th scope="col">Last use</th></tr></thead>
    <tbody>${recipient.tokens.map(
      (token) => html`<tr>
        <td data-label="State">${state(token)}</td>
        <td data-label="Made">${when(token.created_at)} by ${token.created_by}</td>
        <td data-label="Activated">${token.activated ? when(token.activated_at) : html`<span class="muted">link until ${dateTime(token.activation_expires_at)}</span>`}</td>
        <td data-label="Expires">${when(token.expires_at)}</td>
        <td data-label="Last use">${when(token.last_used_at, 'never')}</td></tr>`,
    )}</tbody></table></div>
</section>`;

async function rotate({ recipient, reload }) {
  const issued = await formDialog({
    title: `Rotate the token of ${recipient.name}`,
    action: 'Rotate token',
    body: html`<p>Makes an activation link for a new token. How long is the old one taken?</p>
      ${field({ label: 'Grace', name: 'grace', options: GRACES, value: '86400' })}
      ${field({ label: 'New token is valid for (days)', name: 'days', type: 'number', min: 1, hint: 'If empty, as the server is configured.' })}`,
    submit: ({ grace, days }) =>
      api.post(path`/recipients/${recipient.name}/rotate-token`, {
        existing_token_expire_in_seconds: Number(grace),
        token_expiration_seconds: days ? Math.round(Number(days) * 86400) : undefined,
      }),
  });
  if (issued) {
    await showActivation(recipient.name, issued);
    reload();
  }
}

async function revoke({ recipient, reload }) {
  const done = await formDialog({
    title: `Revoke all tokens of ${recipient.name}?`,
    action: 'Revoke',
    danger: true,
    body: html`<p>Its tokens end at once, and all that was issued by them: links, page tokens, URLs of files. A new activation link is made, which you may hand over or not; what is granted stays.</p>`,
    submit: () => api.post(path`/recipients/${recipient.name}/rotate-token`, { existing_token_expire_in_seconds: 0 }),
  });
  if (done) {
    await showActivation(recipient.name, done);
    reload();
  }
}

async function edit({ recipient, reload }) {
  const done = await formDialog({
    title: `Edit ${recipient.name}`,
    action: 'Save',
    body: html`
      ${field({ label: 'Comment', name: 'comment', rows: 2, value: recipient.comment ?? '' })}
      ${field({ label: 'May come from', name: 'networks', rows: 3, spellcheck: 'false', value: recipient.ip_access_list.join('\n'), placeholder: '203.0.113.0/24', hint: 'Addresses and networks, one a line; any if empty.' })}
      ${field({ label: 'Owner', name: 'owner', maxlength: 255, value: recipient.owner })}
      ${recipient.auth_type === 'TOKEN' ? nothing : policyFields(recipient.oidc_policy)}`,
    submit: (values) =>
      api.patch(
        path`/recipients/${recipient.name}`,
        {
          comment: values.comment,
          owner: values.owner,
          ip_access_list: networks(values.networks),
          oidc_policy: recipient.auth_type === 'TOKEN' ? undefined : policyOf(values),
        },
        { ifMatch: recipient },
      ),
    reload,
  });
  if (done) {
    toast('Saved');
    reload();
  }
}

async function grant({ recipient, grants, reload }) {
  const has = new Set(grants.items.map((one) => one.share_name));
  const others = (await api.all('/shares')).filter((share) => !has.has(share.name));
  if (!others.length) {
    toast(has.size ? 'It may read every share already' : 'There is no share yet. Make one first');
    return;
  }
  const done = await formDialog({
    title: `Grant a share to ${recipient.name}`,
    action: 'Grant',
    body: field({ label: 'Share', name: 'share', options: others.map((share) => [share.name, share.name]), value: others[0].name }),
    submit: ({ share }) => api.patch(path`/shares/${share}/permissions`, { changes: [{ recipient_name: recipient.name, add: ['SELECT'] }] }),
  });
  if (done) {
    toast('Granted');
    reload();
  }
}

async function remove({ recipient, grants, go, reload }) {
  const done = await formDialog({
    title: `Delete ${recipient.name}?`,
    action: 'Delete recipient',
    danger: true,
    body: html`<p>With it end, at once:</p>
      <ul>
        <li>its ${recipient.auth_type === 'TOKEN' ? 'tokens and activation links' : 'sign-in by its identity provider'}, and URLs of files that it has</li>
        <li>${grants.items.length ? html`its access to ${plural(grants.items.length, 'share')}: ${grants.items.slice(0, 10).map((one) => one.share_name).join(', ')}` : 'no access: nothing is granted to it'}</li>
      </ul>`,
    submit: () => api.delete(path`/recipients/${recipient.name}`, {}, { ifMatch: recipient }).then(() => true),
    reload,
  });
  if (done) {
    toast(`${recipient.name} was deleted`);
    go('#/recipients');
  }
}
