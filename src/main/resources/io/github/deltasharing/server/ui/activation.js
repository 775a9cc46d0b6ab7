// The page behind an activation link: opens the link when its button is pressed, saves the profile, and shows what is shared.
import { html, nothing, render } from '/ui/dom.js';
import { snippetBox } from '/ui/snippets.js';

const FILE = 'config.share';
const SAVED_WITHIN_MILLIS = 10_000;
const form = document.getElementById('open');
const problem = document.getElementById('problem');
const button = form.querySelector('button');

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  button.setAttribute('aria-busy', 'true');
  button.disabled = true;
  problem.hidden = true;
  try {
    show(await open());
  } catch (failure) {
    problem.textContent = failure.message;
    problem.hidden = false;
    button.disabled = false;
  } finally {
    button.removeAttribute('aria-busy');
  }
});

/** The secret is this page's address, and is sent nowhere but there. */
async function open() {
  let response;
  try {
    response = await fetch(`${location.pathname}?overview=true`, {
      method: 'POST',
      headers: { Accept: 'application/json' },
      cache: 'no-store',
      credentials: 'omit',
    });
  } catch {
    throw new Error('The server cannot be reached. Check the connection and try again.');
  }
  const body = await response.json().catch(() => ({}));
  if (!response.ok) {
    throw new Error(body.message ? `${body.message}.` : `The server answered with status ${response.status}. Try again.`);
  }
  return body;
}

function show({ profile, shares, more }) {
  save(profile);
  document.getElementById('again').addEventListener('click', () => save(profile));
  document.getElementById('invitation').hidden = true;
  overview(document.getElementById('shares'), shares, more);
  const done = document.getElementById('done');
  done.hidden = false;
  done.querySelector('h1').focus();
}

function save(profile) {
  const url = URL.createObjectURL(new Blob([`${JSON.stringify(profile, null, 2)}\n`], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = FILE;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), SAVED_WITHIN_MILLIS);
}

function overview(root, shares, more) {
  const tables = shares.flatMap((share) => share.tables.map((table) => ({ ...table, at: `${share.name}.${table.schema}.${table.name}` })));
  if (!tables.length) {
    render(html`<p class="empty">Nothing yet. What the provider grants you later is there for your tools at once, with the same file.</p>`, root);
    return;
  }
  let box = snippetBox(tables[0].snippets);
  const choose = (event) => {
    box = snippetBox(tables[Number(event.target.value)].snippets);
    update();
  };
  const update = () =>
    render(
      html`${shares.map(
          (share) => html`<article class="share">
            <h3>${share.display_name || share.name}</h3>
            ${share.comment ? html`<p class="muted">${share.comment}</p>` : nothing}
            <ul>${share.tables.map((table) => html`<li><code>${share.name}.${table.schema}.${table.name}</code></li>`)}</ul>
            ${share.tables.length ? nothing : html`<p class="muted">No tables yet.</p>`}
          </article>`,
        )}
        ${more ? html`<p class="muted">There are more tables: your tools list all of them.</p>` : nothing}
        <h2>Read it</h2>
        <p class="muted">With <code>config.share</code> in the directory where the code runs.</p>
        ${tables.length > 1
          ? html`<label>Table <select @change=${choose}>${tables.map((table, i) => html`<option value=${i}>${table.at}</option>`)}</select></label>`
          : nothing}
        ${box}`,
      root,
    );
  update();
}
