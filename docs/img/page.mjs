// Turns the Markdown of a pull request or an issue (standard input) into a page that looks as GitHub shows it:
// node page.mjs light|dark TITLE node_modules [WHAT IT IS] > page.html
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const [scheme, title, modules, what = 'pull request'] = process.argv.slice(2);
const { marked } = await import(pathToFileURL(`${modules}/marked/lib/marked.esm.js`));
const css = readFileSync(`${modules}/github-markdown-css/github-markdown-${scheme}.css`, 'utf8');
const mermaid = pathToFileURL(`${modules}/mermaid/dist/mermaid.min.js`);

const escape = (s) => s.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]);
const alert = /^<p>\[!(\w+)\](?:<br>)?\s*/;

marked.use({
  gfm: true,
  breaks: true, // as in comments and pull requests, other than in files
  renderer: {
    code({ text, lang }) {
      return lang === 'mermaid' ? `<pre class="mermaid">${escape(text)}</pre>` : `<div class="highlight"><pre>${escape(text)}</pre></div>`;
    },
    blockquote({ tokens }) {
      const body = this.parser.parse(tokens);
      const kind = body.match(alert)?.[1].toLowerCase();
      if (!kind) return `<blockquote>${body}</blockquote>`;
      const name = kind[0].toUpperCase() + kind.slice(1);
      return `<div class="markdown-alert markdown-alert-${kind}"><p class="markdown-alert-title">${name}</p>${body.replace(alert, '<p>').replace('<p></p>', '')}</div>`;
    },
  },
});

const dark = scheme === 'dark';
const body = marked.parse(readFileSync(0, 'utf8'))
  .replaceAll('<li><input disabled="" type="checkbox">', '<li class="task-list-item"><input disabled="" type="checkbox" class="task-list-item-checkbox">');
process.stdout.write(`<!doctype html><meta charset="utf-8"><title>0</title><style>${css}
body { margin: 0; padding: 24px 32px; background: ${dark ? '#0d1117' : '#fff'}; }
.title { font: 400 26px -apple-system, "Liberation Sans", sans-serif; color: ${dark ? '#f0f6fc' : '#1f2328'}; margin: 0 0 12px; }
.comment { border: 1px solid ${dark ? '#3d444d' : '#d1d9e0'}; border-radius: 6px; }
.by { font: 14px "Liberation Sans", sans-serif; color: ${dark ? '#9198a1' : '#59636e'}; background: ${dark ? '#151b23' : '#f6f8fa'};
  padding: 10px 16px; border-radius: 6px 6px 0 0; border-bottom: 1px solid ${dark ? '#3d444d' : '#d1d9e0'}; }
.markdown-body { font-size: 14px; padding: 16px; font-family: "Liberation Sans", "Noto Color Emoji", sans-serif; }
pre.mermaid { background: none !important; text-align: center; }
</style><p class="title">${escape(title)}</p><div class="comment"><div class="by"><b>goingdark-bot</b> opened this ${what}</div>
<article class="markdown-body">${body}</article></div>
<script src="${mermaid}"></script><script>
mermaid.initialize({ startOnLoad: false, theme: '${dark ? 'dark' : 'default'}' });
mermaid.run().finally(() => { document.title = String(Math.ceil(document.documentElement.getBoundingClientRect().height)); });
</script>`);
