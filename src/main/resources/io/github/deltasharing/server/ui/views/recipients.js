// All recipients, and making one.
import { api } from '/ui/api.js';
import { badge, empty, field, formDialog, html, nothing, openDialog, render, secret, valuesOf, errorBox } from '/ui/dom.js';
import { dateTime, relative, when } from '/ui/format.js';

const DAY = 86400;

export async function show({ root, title, can, go }) {
  title('Recipients');
  const recipients = await api.all('/recipients');
  let filter = '';
  const update = () => {
    const found = recipients.filter((one) => `${one.name} ${one.comment ?? ''}`.toLowerCase().includes(filter));
    render(
      html`<div class="head"><h1 tabindex="-1">Recipients</h1>
          <div class="actions">${can('EDITOR') ? html`<button type="button" @click=${() => create(go)}>New recipient</button>` : nothing}</div></div>
        ${recipients.length > 8 ? html`<input type="search" aria-label="Filter recipients" placeholder="Filter" @input=${(e) => { filter = e.target.value.trim().toLowerCase(); update(); }}>` : nothing}
        ${found.length
          ? html`<div class="scroll"><table class="cards">
              <thead><tr><th scope="col">Recipient</th><th scope="col">Signs in by</th><th scope="col">Comment</th><th scope="col">Expires</th><th scope="col">Last use</th></tr></thead>
              <tbody>${found.map(
                (one) => html`<tr>
                  <th scope="row"><a href="#/recipients/${encodeURIComponent(one.name)}">${one.name}</a></th>
                  <td data-label="Signs in by">${one.auth_type === 'TOKEN' ? 'token' : 'identity provider'}</td>
                  <td data-label="Comment">${one.comment ?? nothing}</td>
                  <td data-label="Expires">${expiry(one)}</td>
                  <td data-label="Last use">${when(one.last_used_at, 'never')}</td></tr>`,
              )}</tbody></table></div>`
          : empty(recipients.length ? 'No recipient has this in its name or comment.' : 'There is no recipient yet. A recipient reads the shares that are granted to it.')}`,
      root,
    );
  };
  update();
}

/** When a recipient's latest token ends. */
export function expiry(one) {
  if (one.auth_type !== 'TOKEN') {
    return html`<span class="muted">by its provider</span>`;
  }
  if (!one.token_expires_at) {
    return badge('no token', 'warn');
  }
  const left = (new Date(one.token_expires_at) - Date.now()) / 1000;
  if (left <= 0) {
    return badge('expired', 'bad');
  }
  return left < 7 * DAY ? badge(relative(one.token_expires_at), 'warn') : when(one.token_expires_at);
}

export const networks = (text) => text.split(/[\s,]+/).filter(Boolean);

/** The fields of a recipient who signs in at its own identity provider. */
export const policyFields = (policy = {}) => html`
  ${field({ label: 'Issuer', name: 'issuer', required: true, value: policy.issuer ?? '', placeholder: 'https://login.example.com/tenant', hint: 'One of the server’s oidcIssuers.' })}
  ${field({ label: 'Audiences', name: 'audiences', required: true, value: (policy.audiences ?? []).join(', '), hint: 'Whom its tokens are for, with commas between.' })}
  ${field({ label: 'Subject', name: 'subject', required: true, value: policy.subject ?? '' })}
  ${field({ label: 'Subject claim', name: 'subject_claim', value: policy.subject_claim ?? 'sub' })}`;

export const policyOf = (values) => ({
  issuer: values.issuer,
  audiences: values.audiences.split(',').map((text) => text.trim()).filter(Boolean),
  subject: values.subject,
  subject_claim: values.subject_claim || 'sub',
});

async function create(go) {
  let kind = 'TOKEN';
  let error = null;
  let running = false;
  const made = await openDialog(({ close, update, title }) => {
    const send = async (event) => {
      event.preventDefault();
      if (running) {
        return;
      }
      const values = valuesOf(event.currentTarget);
      running = true;
      error = null;
      update();
      try {
        const body = { name: values.name, comment: values.comment || undefined, ip_access_list: networks(values.networks) };
        if (kind === 'TOKEN') {
          body.token_expiration_seconds = values.days ? Math.round(Number(values.days) * DAY) : undefined;
        } else {
          body.oidc_policy = policyOf(values);
        }
        close(await api.post('/recipients', body));
      } catch (failure) {
        error = failure;
        running = false;
        update();
      }
    };
    return html`<form @submit=${send}>
      <h2 id=${title}>New recipient</h2>
      ${field({ label: 'Name', name: 'name', required: true, maxlength: 255, autofocus: true })}
      <fieldset><legend>Signs in by</legend>
        <label><input type="radio" name="kind" value="TOKEN" .checked=${kind === 'TOKEN'} @change=${() => { kind = 'TOKEN'; update(); }}> a token of this server</label>
        <label><input type="radio" name="kind" value="OIDC" .checked=${kind === 'OIDC'} @change=${() => { kind = 'OIDC'; update(); }}> its own identity provider</label>
      </fieldset>
      ${kind === 'TOKEN'
        ? field({ label: 'Token is valid for (days)', name: 'days', type: 'number', min: 1, hint: 'From its activation on. If empty, as the server is configured.' })
        : policyFields()}
      ${field({ label: 'May come from', name: 'networks', rows: 2, spellcheck: 'false', placeholder: '203.0.113.0/24', hint: 'Addresses and networks, one a line; any if empty.' })}
      ${field({ label: 'Comment', name: 'comment', rows: 2 })}
      ${errorBox(error)}
      <footer><button type="button" class="secondary outline" @click=${() => close()}>Cancel</button>
        <button type="submit" aria-busy=${running} ?disabled=${running}>Create recipient</button></footer>
    </form>`;
  });
  if (made) {
    const name = made.recipient.name;
    if (made.token) {
      await showActivation(name, made.token);
    }
    go(`#/recipients/${encodeURIComponent(name)}`);
  }
}

/** An activation link, which is in no later answer. */
export const showActivation = (name, token) =>
  openDialog(({ close, title }) => html`<h2 id=${title}>Activation link for ${name}</h2>
    <p>Send it to the recipient by a safe way. It opens <strong>once</strong>, gives the recipient its profile, and is shown <strong>only now</strong>.</p>
    ${secret('Activation link', token.activation_url)}
    <p class="muted">It can be opened until ${dateTime(token.activation_expires_at)} (${relative(token.activation_expires_at)}).</p>
    <footer><button type="button" @click=${() => close()}>Done</button></footer>`);
