// Templates and the few elements that several views have. Templates are lit-html's, which escapes all that it is given.
import { html, nothing, render } from '/ui/lib/lit-html/lit-html.js';
import { ifDefined } from '/ui/lib/lit-html/directives/if-defined.js';
import { keyed } from '/ui/lib/lit-html/directives/keyed.js';
import { live } from '/ui/lib/lit-html/directives/live.js';
import { repeat } from '/ui/lib/lit-html/directives/repeat.js';

export { html, ifDefined, keyed, live, nothing, render, repeat };

let ids = 0;
const TOAST_MILLIS = 4000;
let toastTimer;

/** Says that something was done, to screen readers too. */
export function toast(message) {
  const region = document.getElementById('toast');
  region.textContent = message;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => {
    region.textContent = '';
  }, TOAST_MILLIS);
}

/** The server's advice is for programs. */
const conflict = (error) => `${error.message.split('. Get it again')[0]}. See what it is now, and make your change again`;

/** A failure with the server's message, beside what failed. */
export const errorBox = (error, reload) =>
  error
    ? html`<div class="message" role="alert">
        <p>${error.isConflict ? conflict(error) : error.message}</p>
        ${error.requestId && error.status >= 500 ? html`<p class="muted">Request ${error.requestId}</p>` : nothing}
        ${reload && (error.isConflict || error.status === 0 || error.status >= 500)
          ? html`<div class="actions"><button type="button" class="small outline" @click=${reload}>${error.isConflict ? 'Show what it is now' : 'Try again'}</button></div>`
          : nothing}
      </div>`
    : nothing;

export const empty = (text, action = nothing) => html`<div class="empty"><p>${text}</p>${action}</div>`;

export const badge = (text, kind = '') => html`<span class="badge ${kind}">${text}</span>`;

/** Copies a text; says so on the button itself. */
export function copyButton(text, label = 'Copy') {
  const copy = async (event) => {
    const button = event.currentTarget;
    let done = true;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Without TLS browsers have no clipboard: by selecting it then.
      const area = document.createElement('textarea');
      area.value = text;
      button.after(area);
      area.select();
      done = document.execCommand('copy');
      area.remove();
      button.focus();
    }
    button.textContent = done ? 'Copied' : 'Select and copy it';
    toast(done ? 'Copied to the clipboard' : 'The browser did not let it be copied');
    setTimeout(() => {
      button.textContent = label;
    }, TOAST_MILLIS / 2);
  };
  return html`<button type="button" class="small secondary outline" @click=${copy}>${label}</button>`;
}

/** A text to be shown once and copied whole. */
export const secret = (label, value) => html`<label>${label}
  <span class="secret"><input readonly .value=${value} @focus=${(e) => e.target.select()}>${copyButton(value)}</span></label>`;

/** A labelled input; its hint is read with it. */
export function field({ label, name, hint, type = 'text', value = '', options, rows, autofocus, ...rest }) {
  const id = `f${++ids}`;
  const described = hint ? `${id}-hint` : undefined;
  const hintText = hint ? html`<small class="hint" id=${described}>${hint}</small>` : nothing;
  if (type === 'checkbox') {
    return html`<label class="check"><input type="checkbox" name=${name} ?checked=${!!value} aria-describedby=${ifDefined(described)}> ${label}</label>${hintText}`;
  }
  let input;
  if (options) {
    input = html`<select id=${id} name=${name} aria-describedby=${ifDefined(described)} ?required=${rest.required}>
      ${options.map(([key, text]) => html`<option value=${key} ?selected=${key === value}>${text}</option>`)}</select>`;
  } else if (rows) {
    input = html`<textarea id=${id} name=${name} rows=${rows} .value=${value} maxlength=${ifDefined(rest.maxlength)}
      placeholder=${ifDefined(rest.placeholder)} spellcheck=${rest.spellcheck ?? 'true'} aria-describedby=${ifDefined(described)}></textarea>`;
  } else {
    input = html`<input id=${id} name=${name} type=${type} .value=${value} ?required=${rest.required} ?autofocus=${autofocus}
      maxlength=${ifDefined(rest.maxlength)} min=${ifDefined(rest.min)} max=${ifDefined(rest.max)} list=${ifDefined(rest.list)} pattern=${ifDefined(rest.pattern)}
      placeholder=${ifDefined(rest.placeholder)} autocomplete=${rest.autocomplete ?? 'off'} spellcheck="false" aria-describedby=${ifDefined(described)}>`;
  }
  return html`<label for=${id}>${label}</label>${input}${hintText}`;
}

/** Opens a dialog. body(close) is its template; the promise is what it was closed with. */
export function openDialog(body, { wide = false } = {}) {
  const dialog = document.createElement('dialog');
  dialog.className = wide ? 'wide' : '';
  document.body.append(dialog);
  const title = `d${++ids}`;
  dialog.setAttribute('aria-labelledby', title);
  return new Promise((resolve) => {
    let result;
    const close = (value) => {
      result = value;
      dialog.close();
    };
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(result);
    });
    const update = () => render(html`<article>${body({ close, update, title })}</article>`, dialog);
    update();
    dialog.showModal();
  });
}

/**
 * A dialog with a form. submit(values) does what it is for; while it fails the form stays as it was filled in, with the server's
 * message. The promise is what submit gave, or undefined if it was cancelled. Values are texts, and booleans of checkboxes.
 */
export function formDialog({ title, body, action, submit, danger = false, wide = false, reload }) {
  let error = null;
  let running = false;
  return openDialog(({ close, update, title: titleId }) => {
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
        const result = await submit(values);
        close(result === undefined ? true : result);
      } catch (failure) {
        error = failure;
        running = false;
        update();
      }
    };
    const retry = reload
      ? () => {
          close();
          reload();
        }
      : undefined;
    return html`<form @submit=${send}>
      <h2 id=${titleId}>${title}</h2>
      ${body}
      ${errorBox(error, error?.isConflict ? retry : undefined)}
      <footer>
        <button type="button" class="secondary outline" @click=${() => close()}>Cancel</button>
        <button type="submit" class=${danger ? 'danger' : ''} aria-busy=${running} ?disabled=${running}>${action}</button>
      </footer>
    </form>`;
  }, { wide });
}

/** The values of a form's fields by their names. */
export function valuesOf(form) {
  const values = {};
  for (const element of form.elements) {
    if (!element.name) {
      continue;
    }
    if (element.type === 'checkbox') {
      values[element.name] = element.checked;
    } else if (element.type !== 'radio' || element.checked) {
      values[element.name] = element.value.trim();
    }
  }
  return values;
}

/** Shows something once, such as a secret. */
export const showDialog = (title, body) =>
  openDialog(({ close, title: titleId }) => html`<h2 id=${titleId}>${title}</h2>${body}
    <footer><button type="button" @click=${() => close()}>Done</button></footer>`);
