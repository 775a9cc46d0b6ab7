// A file becomes a shared table: choose it, look at what was found and correct it, say where it goes, hand it over.
import { api, path } from '/ui/api.js';
import { errorBox, html, nothing, render, secret } from '/ui/dom.js';
import { bytes, count, plural } from '/ui/format.js';
import { snippetBox } from '/ui/snippets.js';
import { upload } from '/ui/upload.js';

const ENCODINGS = ['UTF-8', 'UTF-16LE', 'UTF-16BE', 'ISO-8859-1', 'windows-1252'];
const DELIMITERS = [[',', 'Comma'], [';', 'Semicolon'], ['\t', 'Tab'], ['|', 'Vertical bar']];
const TYPES = ['string', 'boolean', 'integer', 'long', 'double', 'decimal(18,2)', 'decimal(38,10)', 'date', 'timestamp', 'timestamp_ntz'];
const MODES = [
  ['create', 'Make a new table'],
  ['append', 'Add rows to a table that was published'],
  ['replace', 'Replace the rows of a table that was published'],
];

export async function show({ root, title }) {
  title('Publish a file');
  const [publications, shares, recipients] = await Promise.all([api.all('/publications'), api.all('/shares'), api.all('/recipients')]);
  const publication = new Publication(root, { publications, shares: shares.filter((share) => !share.read_only), recipients });
  publication.update();
}

/** The page while one file goes through it. */
class Publication {
  constructor(root, known) {
    this.root = root;
    this.known = known;
    this.start();
  }

  start() {
    Object.assign(this, {
      phase: 'file', // then: uploading, preview, done
      file: null,
      progress: 0,
      preview: null,
      columns: [],
      looking: false,
      publishing: false,
      error: null,
      result: null,
      links: [],
      options: { encoding: '', delimiter: '', quote: '"', header: 'auto', null_texts: '' },
      onError: 'fail',
      target: { name: '', mode: 'create', comment: '', share: '', schema: 'default', table: '', newRecipient: '', recipients: new Set() },
    });
  }

  update() {
    render(
      html`<nav class="crumbs" aria-label="Breadcrumb"><a href="#/publications">Publications</a></nav>
        <h1 tabindex="-1">Publish a file</h1>
        <p class="lead">A file becomes a table, and recipients read it.</p>
        ${this.phase === 'done' ? this.doneView() : html`${this.fileView()}${this.preview ? this.previewView() : nothing}${errorBox(this.phase === 'file' ? this.error : null)}`}`,
      this.root,
    );
  }

  focus(selector) {
    this.root.querySelector(selector)?.focus();
  }

  // The file.

  fileView() {
    if (this.phase === 'file') {
      const drag = (over) => (event) => {
        event.preventDefault();
        event.currentTarget.classList.toggle('over', over);
      };
      const drop = (event) => {
        drag(false)(event);
        this.take(event.dataTransfer.files);
      };
      return html`<section><label class="drop" @dragover=${drag(true)} @dragenter=${drag(true)} @dragleave=${drag(false)} @drop=${drop}>
          <span><strong>Choose a file</strong> or drop it here</span>
          <small class="muted">CSV or another text with delimiters; nothing is published before you say so</small>
          <input type="file" name="file" @change=${(event) => this.take(event.target.files)}>
        </label></section>`;
    }
    const percent = Math.floor(this.progress * 100);
    return html`<section class="file">
      <div class="head"><div><strong>${this.file.name}</strong> <span class="muted">${bytes(this.file.size)}</span></div>
        <div class="actions">${this.phase === 'uploading'
          ? html`<button type="button" class="small secondary outline" @click=${() => this.sending.abort()}>Cancel</button>`
          : html`<button type="button" class="small secondary outline" @click=${() => this.again()}>Choose another file</button>`}</div></div>
      ${this.phase === 'uploading'
        ? html`<progress max="100" value=${percent} aria-label="Upload"></progress>
          <p class="muted" role="status">${percent < 100 ? `${percent} % sent` : 'Looking at all of it…'}</p>`
        : nothing}
    </section>`;
  }

  again() {
    this.start();
    this.update();
    this.focus('input[type=file]');
  }

  async take(files) {
    if (files.length !== 1) {
      this.error = files.length ? new Error('One file at a time') : null;
      this.update();
      return;
    }
    [this.file] = files;
    this.error = null;
    this.phase = 'uploading';
    this.progress = 0;
    this.sending = upload('/publications', { validate_only: 'true', file_name: this.file.name }, this.file, (part) => {
      this.progress = part;
      if (this.phase === 'uploading') {
        this.update();
      }
    });
    this.update();
    try {
      this.found(await this.sending.done);
      this.phase = 'preview';
      this.target.name = this.file.name.replace(/\.[^.]*$/, '');
    } catch (failure) {
      this.phase = 'file';
      this.error = failure.name === 'AbortError' ? null : failure;
    }
    this.update();
    this.focus(this.phase === 'preview' ? '#found' : 'input[type=file]');
  }

  // What was found in it.

  found(preview) {
    this.preview = preview;
    this.columns = preview.columns.map((column) => ({ ...column }));
  }

  /** The fields that say how the file is read, without those that are as they were found. */
  reading(corrections = true) {
    const fields = { upload_id: this.preview.upload_id, file_name: this.file.name };
    if (this.preview.format !== 'parquet') {
      const { encoding, delimiter, quote, header, null_texts: nulls } = this.options;
      Object.assign(fields, encoding && { encoding }, delimiter && { delimiter }, quote !== '"' && { quote }, header !== 'auto' && { header });
      const texts = nulls.split(',').map((text) => text.trim()).filter(Boolean);
      Object.assign(fields, texts.length && { null_texts: texts });
    }
    if (corrections && this.corrected) {
      fields.columns = this.columns.map(({ name, type }) => ({ name, type }));
    }
    return fields;
  }

  async look(corrections) {
    this.looking = true;
    this.error = null;
    this.update();
    const turn = (this.turn = (this.turn ?? 0) + 1);
    try {
      const preview = await api.post('/publications', { ...this.reading(corrections), validate_only: true });
      if (turn === this.turn) {
        this.found(preview);
      }
    } catch (failure) {
      if (turn === this.turn) {
        this.error = failure;
      }
    }
    if (turn === this.turn) {
      this.looking = false;
      this.update();
    }
  }

  option(name, value) {
    this.options[name] = value;
    // Other columns may come of it.
    this.corrected = false;
    this.look(false);
  }

  correct(index, change) {
    Object.assign(this.columns[index], change);
    this.corrected = true;
    this.look(true);
  }

  previewView() {
    const { preview } = this;
    return html`<section aria-busy=${this.looking}>
        <h2 id="found" tabindex="-1">What is in it</h2>
        <p class="muted" role="status">${this.looking ? 'Looking at the file again…' : `${plural(preview.rows, 'row')}, ${plural(preview.columns.length, 'column')}${preview.encoding ? `, ${preview.encoding}${preview.encoding_assumed ? ' (assumed)' : ''}` : ''}`}</p>
        ${preview.encoding ? this.optionsView() : nothing}
        ${this.columnsView()}
        ${this.defectsView()}
      </section>
      ${this.targetView()}`;
  }

  optionsView() {
    const { options, preview } = this;
    const select = (label, name, choices) => html`<label>${label}
      <select name=${name} @change=${(event) => this.option(name, event.target.value)}>
        ${choices.map(([value, text]) => html`<option value=${value} ?selected=${value === options[name]}>${text}</option>`)}
      </select></label>`;
    const text = (label, name, hint, length) => html`<label>${label}
      <input name=${name} .value=${options[name]} maxlength=${length} spellcheck="false" autocomplete="off" placeholder=${hint} @change=${(event) => this.option(name, event.target.value)}></label>`;
    const named = DELIMITERS.find(([value]) => value === preview.delimiter)?.[1].toLowerCase() ?? preview.delimiter;
    return html`<details class="reading"><summary>How it is read</summary><div class="fields">
      ${select('Encoding', 'encoding', [['', `As found: ${preview.encoding}`], ...ENCODINGS.map((name) => [name, name])])}
      ${select('Delimiter', 'delimiter', [['', `As found: ${named}`], ...DELIMITERS])}
      ${select('First line', 'header', [['auto', `As found: ${preview.header ? 'names' : 'a row'}`], ['true', 'Names of columns'], ['false', 'A row']])}
      ${text('Quote', 'quote', '"', 1)}
      ${text('Texts that mean null', 'null_texts', 'NA, -', 1000)}
    </div></details>`;
  }

  columnsView() {
    const fixed = this.preview.format === 'parquet';
    const types = (type) => (TYPES.includes(type) ? TYPES : [type, ...TYPES]);
    return html`<div class="scroll columns" tabindex="0" role="region" aria-label="Columns and first rows"><table class="rows">
      <thead><tr>${this.columns.map(
        (column, i) => html`<th scope="col">
          <input aria-label="Name of column ${i + 1}" .value=${column.name} ?readonly=${fixed} maxlength="255" spellcheck="false" autocomplete="off" @change=${(event) => this.correct(i, { name: event.target.value })}>
          <select aria-label="Type of column ${i + 1}, ${column.name}" ?disabled=${fixed} @change=${(event) => this.correct(i, { type: event.target.value })}>
            ${types(column.type).map((type) => html`<option value=${type} .selected=${type === column.type}>${type}</option>`)}
          </select></th>`,
      )}</tr></thead>
      <tbody>${this.preview.first_rows.map((row) => html`<tr>${row.map((text) => html`<td>${text === null || text === '' ? html`<span class="null">${text === null ? 'null' : 'empty'}</span>` : text}</td>`)}</tr>`)}</tbody>
    </table></div>
    <p class="muted"><small>The first ${plural(this.preview.first_rows.length, 'row')}. Types are those that hold all rows without loss.</small></p>`;
  }

  defectsView() {
    const { preview } = this;
    const lines = preview.defect_count;
    // The refusal of lines is said by the choice below.
    const problems = lines ? preview.problems.slice(0, -1) : preview.problems;
    return html`${problems.map((problem) => html`<div class="message" role="alert"><p>${problem}</p></div>`)}
      ${lines
        ? html`<div class="message caution">
            <p><strong>${plural(lines, 'line does', 'lines do')} not fit.</strong></p>
            <ul class="defects">${preview.defects.map((defect) => html`<li>Line ${count(defect.line)}: ${defect.problem}</li>`)}${lines > preview.defects.length ? html`<li>and ${count(lines - preview.defects.length)} more</li>` : nothing}</ul>
            <fieldset><legend class="hidden-text">Lines that do not fit</legend>
              ${this.radio('on_error', 'fail', 'Refuse the file, to mend it first', this.onError, (value) => (this.onError = value))}
              ${this.radio('on_error', 'set_aside', 'Set them aside and publish the others', this.onError, (value) => (this.onError = value))}
            </fieldset>
          </div>`
        : nothing}`;
  }

  radio(name, value, label, chosen, choose) {
    return html`<label class="check"><input type="radio" name=${name} value=${value} .checked=${value === chosen} @change=${() => {
      choose(value);
      this.update();
    }}> ${label}</label>`;
  }

  // Where it goes.

  targetView() {
    const { target, known } = this;
    const set = (name) => (event) => {
      target[name] = event.target.value;
      this.update();
    };
    const input = (label, name, more = {}) => html`<div><label>${label}
      <input name=${name} .value=${target[name]} ?required=${more.required} list=${more.list ?? nothing} placeholder=${more.placeholder ?? ''} maxlength="255" autocomplete="off" spellcheck="false" aria-describedby=${more.hint ? `${name}-hint` : nothing} @input=${set(name)}></label>
      ${more.hint ? html`<small class="hint" id="${name}-hint">${more.hint}</small>` : nothing}</div>`;
    const blocked = this.preview.problems.length > (this.preview.defect_count ? 1 : 0) || (this.preview.defect_count > 0 && this.onError === 'fail');
    const submit = (event) => {
      event.preventDefault();
      this.publish();
    };
    return html`<form class="target" @submit=${submit}>
      <section>
        <h2>Publish it as</h2>
        <fieldset><legend class="hidden-text">What becomes of it</legend>
          ${MODES.map(([value, label]) => this.radio('mode', value, label, target.mode, (mode) => {
            target.mode = mode;
            if (mode !== 'create' && !known.publications.some((item) => item.name === target.name)) {
              target.name = known.publications[0]?.name ?? '';
            }
          }))}
        </fieldset>
        ${target.mode === 'create'
          ? html`<div class="fields">${input('Name', 'name', { required: true })}${input('Comment', 'comment', { placeholder: 'What it is' })}</div>`
          : html`<label>Published table<select name="name" required @change=${set('name')}>
              ${known.publications.map((item) => html`<option value=${item.name} .selected=${item.name === target.name}>${item.name}</option>`)}</select></label>
              ${known.publications.length ? nothing : html`<p class="muted">There is none yet.</p>`}`}
      </section>
      ${target.mode === 'create' ? this.sharingView(input) : nothing}
      ${errorBox(this.error)}
      ${blocked ? html`<p class="muted" id="blocked">${this.preview.defect_count > 0 && this.onError === 'fail' ? 'Set the lines aside, or choose a mended file.' : 'Correct what is wrong above first.'}</p>` : nothing}
      <button type="submit" aria-busy=${this.publishing} ?disabled=${this.publishing || this.looking || blocked} aria-describedby=${blocked ? 'blocked' : nothing}>Publish</button>
    </form>`;
  }

  sharingView(input) {
    const { target, known } = this;
    const toggle = (name) => (event) => {
      target.recipients[event.target.checked ? 'add' : 'delete'](name);
    };
    return html`<section>
      <h2>Share it</h2>
      <div class="fields">
        ${input('Share', 'share', { list: 'shares', placeholder: 'None', hint: 'Made if it is not there. Empty: it is not shared yet.' })}
        ${target.share ? html`${input('Schema', 'schema', { required: true })}${input('Table', 'table', { placeholder: target.name })}` : nothing}
      </div>
      <datalist id="shares">${known.shares.map((share) => html`<option value=${share.name}></option>`)}</datalist>
      ${target.share
        ? html`<fieldset><legend>Who may read the share</legend>
            ${known.recipients.map((one) => html`<label class="check"><input type="checkbox" name="recipient" value=${one.name} .checked=${target.recipients.has(one.name)} @change=${toggle(one.name)}> ${one.name}</label>`)}
            </fieldset>
            <div class="fields">${input('A new recipient', 'newRecipient', { placeholder: 'Name', hint: 'You get a link to hand over.' })}</div>`
        : nothing}
    </section>`;
  }

  async publish() {
    const { target } = this;
    if (this.publishing) {
      return;
    }
    this.publishing = true;
    this.error = null;
    this.update();
    try {
      const body = { ...this.reading(), name: target.name, mode: target.mode, on_error: this.onError };
      if (target.mode === 'create') {
        Object.assign(body, target.comment && { comment: target.comment });
        if (target.share) {
          Object.assign(body, { share: target.share, schema: target.schema, recipients: [...target.recipients] }, target.table && { table: target.table });
        }
      }
      this.result = await api.post('/publications', body);
    } catch (failure) {
      this.error = failure;
    }
    this.publishing = false;
    if (this.result) {
      await this.handOver();
      this.phase = 'done';
    }
    this.update();
    this.focus(this.phase === 'done' ? '#published' : 'form.target .message');
  }

  /** The table is there, whatever fails here. */
  async handOver() {
    const { result, target } = this;
    try {
      if (result.share && target.mode === 'create' && target.newRecipient.trim()) {
        const { recipient, token } = await api.post('/recipients', { name: target.newRecipient.trim() });
        this.links.push({ name: recipient.name, url: token.activation_url });
        await api.patch(path`/shares/${result.share}/permissions`, { changes: [{ recipient_name: recipient.name, add: ['SELECT'] }] });
      }
    } catch (failure) {
      this.error = failure;
    }
    try {
      this.snippets = result.share ? snippetBox(await api.get(path`/publications/${result.name}/snippets`)) : null;
    } catch (failure) {
      this.error ??= failure;
    }
  }

  doneView() {
    const { result } = this;
    return html`<section>
      <h2 id="published" tabindex="-1">${result.name} is published</h2>
      <dl class="facts">
        <dt>Rows of the file</dt><dd>${count(result.rows)}${result.set_aside ? ` (${plural(result.set_aside, 'line')} set aside)` : ''}</dd>
        <dt>Version</dt><dd>${result.table_version}</dd>
        <dt>Shared as</dt><dd>${result.share ? html`<a href="#/shares/${encodeURIComponent(result.share)}"><code>${result.share}.${result.schema}.${result.table}</code></a>` : 'not shared yet'}</dd>
      </dl>
      ${errorBox(this.error)}
      ${this.links.map(({ name, url }) => html`<div class="message note">
        ${secret(`Link for ${name}`, url)}
        <p class="muted"><small>It is shown here only, and gives one profile, once. Hand it over by a way that only ${name} reads.</small></p></div>`)}
      ${this.snippets ? html`<h2>Code to hand over</h2>${this.snippets}` : nothing}
      <p class="actions after"><button type="button" @click=${() => this.another()}>Publish another file</button><a href="#/publications">All publications</a></p>
    </section>`;
  }

  async another() {
    const [publications, shares, recipients] = await Promise.all([api.all('/publications'), api.all('/shares'), api.all('/recipients')]);
    this.known = { publications, shares, recipients };
    this.again();
  }
}
