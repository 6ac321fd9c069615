package dashboard

import (
	"strings"
	"testing"
)

func TestNotes(t *testing.T) {
	t.Parallel()

	for markdown, want := range map[string]string{
		"## Steps":                          "<h4>Steps</h4>",
		"- [ ] do it <sub>`a.yaml:1`</sub>": `<span class="box" aria-hidden="true"></span> do it <small class="source"><code>a.yaml:1</code></small>`,
		"> [!WARNING]\n> - **x**: y":        "<blockquote class=\"alert alert-warning\"><p class=\"alert-title\">Warning</p>\n<ul>\n<li><strong>x</strong>: y</li>",
		"> [!NOTE]\n> read this":            "<p class=\"alert-title\">Note</p>\n<p>read this</p>",
		"> [!LOUD]\n> no":                   "[!LOUD]",
		"<details><summary>2 &lt;more&gt;</summary>\n\nin\n\n</details>": "<details><summary>2 &lt;more&gt;</summary>\n<p>in</p>\n</details>",
		"<details><summary>open</summary>\n\nin":                         "&lt;details&gt;&lt;summary&gt;open",
		"</details>":                                                     "&lt;/details&gt;",
		"a<br>b":                                                         "a<br>b",
		"a <sub>open":                                                    "a &lt;sub&gt;open",
		"a <b onclick=x>b</b>":                                           "a &lt;b onclick=x&gt;b&lt;/b&gt;",
		"```mermaid\nflowchart LR\n```\nafter":                           "<p>after</p>",
		"```sh\nls <x>\n```":                                             "<pre tabindex=\"0\"><code>ls &lt;x&gt;\n</code></pre>",
		"![picture](https://example.org/x.png)":                          `<a href="https://example.org/x.png">picture</a>`,
		"![picture](javascript:x)":                                       "<p>picture</p>",
		"[link](javascript:x)":                                           `<a href="">link</a>`,
		"| a | b |\n|-|:-|\n| 1 | 2 |":                                   `<div class="scroll" tabindex="0" role="group" aria-label="Table, scrolls sideways"><table>` + "\n<thead><tr><th>a</th><th align=\"left\">b</th></tr></thead>\n<tbody>\n<tr><td>1</td><td align=\"left\">2</td></tr>\n</tbody>\n</table></div>",
		"one\ntwo":                                                       "one<br>\ntwo",
	} {
		if got := string(notesHTML(markdown)); !strings.Contains(got, want) || strings.Contains(got, "style=") {
			t.Errorf("%q:\n%s\nwant\n%s", markdown, got, want)
		}
	}

	if got := string(notesHTML("```mermaid\nx\n```")); strings.Contains(got, "x") {
		t.Errorf("a diagram is shown as text: %s", got)
	}
}
