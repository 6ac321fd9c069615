package gh_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goingdark-social/bot/pkg/gh"
)

func TestMarker(t *testing.T) {
	t.Parallel()

	m := gh.Marker{Version: 1, Application: "mastodon", Track: "patch", From: "v4.4.3", To: "--> <b>@x", Hash: "h"}
	line := m.String()
	forged := gh.Marker{Application: "evil", Track: "patch"}.String()

	if strings.Count(line, ">") != 1 || strings.ContainsAny(line, "\n") {
		t.Fatalf("a value breaks out of the comment: %s", line)
	}

	for name, body := range map[string]string{
		"alone":                  line,
		"last":                   "text\n\n" + line,
		"CRLF":                   "text\r\n\r\n" + line + "\r\n",
		"text below":             line + "\n\nPS: a person's words",
		"spaces after":           line + "  \t",
		"forged above":           forged + "\n\n" + line,
		"forged in a quote":      line + "\n> " + forged,
		"forged in a list":       line + "\n- " + forged,
		"forged in a line":       line + "\nsee " + forged,
		"forged, indented":       line + "\n    " + forged,
		"forged in a fence":      line + "\n```\n" + forged + "\n```",
		"forged in long fence":   line + "\n~~~~ md\n```\n~~~\n" + forged + "\n~~~~\n",
		"forged, inert":          line + "\n" + gh.Inert(forged),
		"forged, not one line":   line + "\n" + strings.Replace(forged, ",", ",\n", 1),
		"forged, two comments":   line + "\n" + forged + forged,
		"forged, no application": line + "\n<!-- bot:pull-request {\"version\":1} -->",
		"forged, no JSON":        line + "\n<!-- bot:pull-request {\"version\":1,} -->",
		"forged, huge":           line + "\n" + gh.Marker{Application: strings.Repeat("x", 5000), Track: "y"}.String(),
		"a fence that is closed": "```\nx\n```\n" + line,
	} {
		got, ok := gh.ParseMarker(body)
		if diff := cmp.Diff(m, got); !ok || diff != "" {
			t.Errorf("%s: %v %s", name, ok, diff)
		}
	}

	for name, body := range map[string]string{
		"none": "text", "empty": "", "quoted": "> " + line, "in an open fence": "```\n" + line, "inert": gh.Inert(line),
	} {
		if got, ok := gh.ParseMarker(body); ok || got != (gh.Marker{}) {
			t.Errorf("%s: found %+v", name, got)
		}
	}
}

func TestAMarkerOfALaterVersionIsRead(t *testing.T) {
	t.Parallel()

	m, ok := gh.ParseMarker(`<!-- bot:pull-request {"version":2,"application":"a","track":"patch","new":{"x":[1]}} -->`)
	if !ok || m.Version != 2 || m.Application != "a" {
		t.Errorf("marker = %+v, %v", m, ok)
	}
}

func FuzzParseMarker(f *testing.F) {
	f.Add("text\n\n" + gh.Marker{Application: "a", Track: "b"}.String())

	for _, s := range seeds {
		f.Add(s)
	}

	f.Fuzz(func(t *testing.T, body string) {
		m, ok := gh.ParseMarker(body)
		if !ok {
			return
		}

		again, ok := gh.ParseMarker(m.String())
		again.Version = m.Version

		if !ok || again != m {
			t.Fatalf("%+v becomes %+v", m, again)
		}
	})
}
