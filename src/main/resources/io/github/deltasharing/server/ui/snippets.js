// Code to hand over, by language, with a button that copies it.
import { copyButton, html, keyed, render } from '/ui/dom.js';

const LANGUAGES = { pyspark: 'PySpark', sql: 'SQL', java: 'Java', pandas: 'pandas', duckdb: 'DuckDB', pyiceberg: 'PyIceberg' };

/** An element with the snippets, an object of texts by language. */
export function snippetBox(snippets) {
  const box = document.createElement('section');
  box.className = 'snippets';
  box.setAttribute('aria-label', 'Code that reads the table');
  let chosen = Object.keys(snippets)[0];
  const name = (language) => LANGUAGES[language] ?? language;
  const choose = (language) => {
    chosen = language;
    update();
  };
  const update = () =>
    render(
      html`<div class="snippet-head">
          <div class="snippet-tabs" role="toolbar" aria-label="Language">
            ${Object.keys(snippets).map(
              (language) =>
                html`<button type="button" class="small tab" aria-pressed=${language === chosen} @click=${() => choose(language)}>${name(language)}</button>`,
            )}
          </div>
          ${keyed(chosen, copyButton(snippets[chosen].trimEnd()))}
        </div>
        <pre tabindex="0" role="region" aria-label="${name(chosen)} code"><code>${snippets[chosen].trimEnd()}</code></pre>`,
      box,
    );
  update();
  return box;
}
