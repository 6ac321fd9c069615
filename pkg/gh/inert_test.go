package gh_test

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/renderer/html"

	"github.com/goingdark-social/bot/pkg/gh"
)

// shown is inert text with the zero-width spaces made visible.
func shown(s string) string { return strings.ReplaceAll(s, "\u200b", "·") }

func TestInert(t *testing.T) {
	t.Parallel()

	for name, test := range map[string][2]string{
		"plain":                 {"Fix the *thing* in `tootctl media`", "Fix the *thing* in `tootctl media`"},
		"changelog line":        {"Add X (#12345 by @ClearlyClaire)", "Add X (#·12345 by @·ClearlyClaire)"},
		"team":                  {"@org/team", "@·org/team"},
		"everyone":              {"@everyone @here", "@·everyone @·here"},
		"mail":                  {"ask me@example.com", "ask me@·example.com"},
		"in code":               {"`@name #1`", "`@·name #·1`"},
		"number":                {"#1 and x/y#2", "#·1 and x/y#·2"},
		"closing keyword":       {"fixes #1, closes: GH-2", "fixes #·1, closes: GH-·2"},
		"gh, any case":          {"gh-1 Gh-2 GH-x", "gh-·1 Gh-·2 GH-x"},
		"hash":                  {"in 1a2b3c4d5e", "in 1a2b3c·4d5e"},
		"short hash is none":    {"in 1a2b3c", "in 1a2b3c"},
		"a real hash inside":    {"xdeadbeefcafe", "xdeadbe·efcafe"},
		"URL":                   {"https://github.com/a/b/issues/1", "https:·//github.com/a/b/issues/1"},
		"URL without scheme":    {"www.github.com/a WWW.x", "www·.github.com/a WWW·.x"},
		"autolink":              {"<https://a.b>", "<·https:·//a.b>"},
		"Markdown link":         {"[x](/a/b/issues/1)", "[·x]·(/a/b/issues/1)"},
		"reference link":        {"[x][y]\n\n[y]: /a/b/issues/1", "[·x]·[y]\n\n[y]·: /a/b/issues/1"},
		"image":                 {"![x](//evil/p.png)", "![·x]·(//evil/p.png)"},
		"footnote":              {"[^1]: note", "[^1]·: note"},
		"HTML":                  {`<img src=x onerror="y"></details>`, `<·img src=x onerror="y"><·/details>`},
		"comment":               {"<!-- hidden -->", "<·!-- hidden -->"},
		"forged marker":         {`<!-- bot:pull-request {"version":1} -->`, `<·!-- bot:pull-request {"version":1} -->`},
		"entity":                {"&#64;name &commat;name &lt;b>", "&·#·64;name &·commat;name &·lt;b>"},
		"backslash":             {`\@name \#1 GH\-1 https\://x`, `\·@·name \·#·1 GH\·-1 https\·:·//x`},
		"fence":                 {"```sh\nrm\n```", "``·`sh\nrm\n``·`"},
		"long fence":            {"~~~~~", "~~·~·~·~"},
		"heading":               {"# Approved by security", "#· Approved by security"},
		"heading in a list":     {"- ## x", "- #·#· x"},
		"underline and spaces":  {"Title\n= \nOther\n-\t", "Title\n·= \nOther\n·-\t"},
		"underlined heading":    {"Title\n---\nOther\n  =", "Title\n·---\nOther\n  ·="},
		"list stays":            {"- one\n- two", "- one\n- two"},
		"task":                  {"- [ ] do\n- [x] done", "- [· ] do\n- [·x] done"},
		"colour":                {"#fff", "#·fff"},
		"control":               {"a\x00b\x1b[31mc\x7f\u0085d", "ab[31mcd"},
		"bidi":                  {"a\u202eb\u2066c\u200fd", "abcd"},
		"invisible":             {"@\u200bna\u00adme\ufeff \U000e0041\u3164x", "@·name x"},
		"invalid UTF-8":         {"a\xffb", "a\ufffdb"},
		"line ends":             {"a\r\nb\rc\u2028d", "a\nb\nc\nd"},
		"tab":                   {"a\tb", "a\tb"},
		"emoji":                 {"❤️ 🎉", "❤️ 🎉"},
		"command":               {"/bot bump v4.4.4", "/bot bump v4.4.4"},
		"ampersand":             {"AT&T", "AT&·T"},
		"math":                  {`$\href{x}{y}$`, `$\·href{x}{y}$`},
		"digits of a date":      {"20260102", "202601·02"},
		"version":               {"v4.4.3 → nightly.2026-01-02", "v4.4.3 → nightly.2026-01-02"},
		"slashes":               {"either/or //path", "either/or //path"},
		"empty":                 {"", ""},
		"mention at line start": {"\n@x\n", "\n@·x\n"},
	} {
		if got := shown(gh.Inert(test[0])); got != test[1] {
			t.Errorf("%s: Inert(%q)\n got %q\nwant %q", name, test[0], got, test[1])
		}
	}
}

var seeds = []string{
	"Add X (#1 by @a)", "&#64;a \\@b @<!-- -->c", "GH-1 gh-2 a/b#3 deadbeefcafe", "```\n@a\n```\n~~~", "<!-- bot:pull-request {} -->",
	"[a](b) [c][d]\n\n[d]: e\n\n[^1]: f", "- [ ] a\n---\n===", "https://x www.x ftp://y a@b.c", "\u202e\u200b@a\xff\x00", "# a\n## b\n> # c",
	"<details><summary>x", "`@a` ``#1`` ```x``` ````", "$\\phantom{x}$", "&lt;script&gt;", "|a|b|\n|-|-|\n|@c|#1|", "\r\n\r\u2028-", "[ ](x)[x]:y",
}

// live is what must not be left: each begins something that GitHub acts on.
var live = regexp.MustCompile("@[^\u200b]|@$|#[^\u200b]|#$|<[^\u200b]|<$|&[^\u200b]|&$|\\\\[^\u200b]|\\\\$|:/|(?i:gh-[0-9])|(?i:www)\\.|" +
	"[0-9a-fA-F]{7}|```|~~~|\\][(\\[:]|\\[[ \txX]\\]")

func checkInert(t *testing.T, s string) {
	t.Helper()

	got := gh.Inert(s)
	if found := live.FindString(got); found != "" {
		t.Fatalf("Inert(%q) = %q leaves %q alive", s, got, found)
	}

	if again := gh.Inert(got); again != got {
		t.Fatalf("Inert of %q is %q", got, again)
	}

	if !utf8.ValidString(got) {
		t.Fatalf("Inert(%q) is not UTF-8", s)
	}

	for _, r := range got {
		if r != '\n' && r != '\t' && r != '\u200b' && unicode.In(r, unicode.Cc, unicode.Cf) {
			t.Fatalf("Inert(%q) holds %U", s, r)
		}
	}

	if _, ok := gh.ParseMarker(got + "\n" + got); ok {
		t.Fatalf("Inert(%q) holds a marker", s)
	}

	checkRendered(t, got)
}

var markdown = goldmark.New(goldmark.WithExtensions(extension.GFM, extension.Footnote), goldmark.WithRendererOptions(html.WithUnsafe()))

// acting are the elements that inert text must not render to.
var acting = regexp.MustCompile(`(?i)<(a|img|input|h[1-6]|script|details|summary|iframe|section|sup|!--)\b`)

// checkRendered renders the text as GitHub does, and looks for what acts. What
// stands below the text must stay what it is: nothing above swallows it.
func checkRendered(t *testing.T, inert string) {
	t.Helper()

	var b bytes.Buffer
	if err := markdown.Convert([]byte(inert+"\n\nbelow **the** text\n"), &b); err != nil {
		t.Fatal(err)
	}

	if found := acting.FindString(b.String()); found != "" {
		t.Fatalf("%q renders %s: %s", inert, found, b.String())
	}

	if !strings.Contains(b.String(), "below <strong>the</strong> text") {
		t.Fatalf("%q swallows what is below: %s", inert, b.String())
	}
}

func TestInertRendersToNothingThatActs(t *testing.T) {
	t.Parallel()

	for _, s := range seeds {
		checkInert(t, s)

		for _, other := range seeds {
			checkInert(t, s+other)
		}
	}
}

func FuzzInert(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}

	f.Fuzz(checkInert)
}

func BenchmarkInert(b *testing.B) {
	for name, text := range map[string]string{
		"changelog":   strings.Repeat("- Fix a thing in `app/models` (#12345 by @somebody)\n", 20_000),
		"one line":    strings.Repeat("x", 10<<20),
		"backticks":   strings.Repeat("`", 10<<20),
		"underscores": strings.Repeat("- ", 5<<20),
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))

			for b.Loop() {
				gh.Inert(text)
			}
		})
	}
}
