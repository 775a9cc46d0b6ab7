// The shell: who is signed in, the bar, and the view that the address names.
import { ApiError, currentSession, signIn, signOut } from '/ui/api.js';
import { errorBox, html, nothing, render, toast } from '/ui/dom.js';
import { match, routes } from '/ui/routes.js';

const ROLES = ['VIEWER', 'EDITOR', 'ADMIN'];
let session = null;
let shown = '';

const address = () => {
  const [at, query = ''] = location.hash.replace(/^#/, '').split('?');
  return { at: at || '/', query: new URLSearchParams(query) };
};

const can = (role) => ROLES.indexOf(session?.role) >= ROLES.indexOf(role);

function shell(current) {
  const items = routes.filter((route) => route.nav && (!route.role || can(route.role)));
  const here = current?.under ?? current?.path;
  return html`
    <a class="skip" href="#main" @click=${(e) => { e.preventDefault(); document.getElementById('main').focus(); }}>Skip to the content</a>
    <header class="bar"><div class="container">
      <a class="brand" href="#/"><img src="/ui/icon.svg" alt="">Delta Sharing</a>
      ${session
        ? html`<nav aria-label="Main">${items.map((route) => html`<a href="#${route.path}" aria-current=${here === route.path ? 'page' : nothing}>${route.nav}</a>`)}</nav>
          <div class="who"><span class="name" title=${`${session.name}, ${session.role.toLowerCase()}`}>${session.name}</span>
            <button type="button" class="small secondary outline" @click=${leave}>Sign out</button></div>`
        : nothing}
    </div></header>
    <main id="main" class="container" tabindex="-1"></main>
    <div id="toast" class="toast" role="status"></div>`;
}

async function leave() {
  try {
    await signOut();
  } catch {
    // The session ended already, or ends by itself.
  }
  session = null;
  shown = '';
  draw();
}

/** Shows what the address names, in an element of its own: a view that comes late draws where nobody looks. */
async function draw() {
  const { at, query } = address();
  const found = match(at);
  render(shell(found?.route), document.body);
  document.querySelector('nav [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  const main = document.getElementById('main');
  const root = document.createElement('div');
  if (!session) {
    document.title = 'Sign in · Delta Sharing';
    main.replaceChildren(root);
    showSignIn(root);
    return;
  }
  const moved = shown !== at;
  shown = at;
  const context = {
    root,
    session,
    can,
    query,
    params: found?.params ?? {},
    title: (text) => {
      document.title = `${text} · Delta Sharing`;
    },
    /** Loads the view anew. */
    reload: () => draw(),
    /** Goes to an address, such as #/shares. */
    go: (to) => {
      location.hash = to;
    },
  };
  if (!found) {
    main.replaceChildren(root);
    render(html`<h1 tabindex="-1">There is no such page</h1><p><a href="#/">Overview</a></p>`, root);
    return;
  }
  if (moved) {
    render(html`<p class="loading" aria-busy="true">Loading…</p>`, main.appendChild(document.createElement('div')));
    main.replaceChildren(main.lastChild);
  }
  try {
    const view = await import(`/ui/views/${found.route.view}.js`);
    await view.show(context);
  } catch (error) {
    if (error.status === 401) {
      return;
    }
    if (error.status === undefined) {
      console.error(error);
    }
    render(html`<h1 tabindex="-1">${error.status === 404 ? 'Not found' : 'This cannot be shown'}</h1>${errorBox(error, () => draw())}`, root);
  }
  if (address().at !== at || !session) {
    return;
  }
  main.replaceChildren(root);
  if (moved) {
    window.scrollTo(0, 0);
    root.querySelector('h1')?.focus({ preventScroll: true });
  }
}

function showSignIn(root, message) {
  let error = message ?? null;
  let running = false;
  const submit = async (event) => {
    event.preventDefault();
    const form = event.currentTarget;
    if (running) {
      return;
    }
    running = true;
    error = null;
    update();
    try {
      session = await signIn(form.elements.token.value.trim());
      shown = '';
      draw();
    } catch (failure) {
      error = failure;
      running = false;
      update();
      form.elements.token.focus();
      form.elements.token.select();
    }
  };
  const update = () =>
    render(
      html`<div class="signin"><article>
        <h1>Sign in</h1>
        <p class="muted">With the token of a principal of this server. The first admin's is in the file <code>admin-token</code> of its data directory.</p>
        <form @submit=${submit}>
          <label for="token">Token</label>
          <input id="token" name="token" type="password" required autocomplete="current-password" spellcheck="false">
          ${errorBox(error)}
          <button type="submit" aria-busy=${running} ?disabled=${running}>Sign in</button>
        </form></article></div>`,
      root,
    );
  update();
  root.querySelector('input').focus();
}

window.addEventListener('hashchange', draw);
// What a button asks of the server outside a dialog has no place of its own for a failure.
window.addEventListener('unhandledrejection', (event) => {
  const known = event.reason instanceof ApiError;
  if (known) {
    event.preventDefault();
  }
  if (!known || event.reason.status !== 401) {
    toast(known ? event.reason.message : 'This did not work. Load the page again');
  }
});
window.addEventListener('signed-out', (event) => {
  if (!session) {
    return;
  }
  session = null;
  shown = '';
  document.querySelectorAll('dialog').forEach((dialog) => dialog.close());
  render(shell(), document.body);
  const root = document.createElement('div');
  document.getElementById('main').replaceChildren(root);
  showSignIn(root, event.detail);
});

try {
  session = await currentSession();
  draw();
} catch (error) {
  render(shell(), document.body);
  render(errorBox(error, () => location.reload()), document.getElementById('main'));
}
