package command_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goingdark-social/bot/pkg/command"
)

// said is what was understood, a line each.
func said(body string) []string {
	var out []string

	for _, c := range command.Parse(body) {
		line := c.String()
		if c.Problem != "" {
			line = "problem: " + c.Problem
		}

		out = append(out, line)
	}

	return out
}

func TestParse(t *testing.T) {
	t.Parallel()

	for name, c := range map[string]struct {
		body string
		want []string
	}{
		"bump":                   {"/bot bump v4.5.2", []string{"/bot bump v4.5.2"}},
		"without the v":          {"/bot bump 4.5.2", []string{"/bot bump v4.5.2"}},
		"with an application":    {"/bot bump v4.5.2 staging", []string{"/bot bump v4.5.2 staging"}},
		"application first":      {"/bot bump staging v4.5.2", []string{"/bot bump v4.5.2 staging"}},
		"a verb in capitals":     {"/bot REBASE", []string{"/bot rebase"}},
		"among other words":      {"Let us try.\n\n/bot check\n\nThank you!", []string{"/bot check"}},
		"in one paragraph":       {"Let us try.\n/bot check\nThank you!", []string{"/bot check"}},
		"two":                    {"/bot ignore v4.5.2\r\n/bot check\r\n", []string{"/bot ignore v4.5.2", "/bot check"}},
		"indented a little":      {"  /bot help", []string{"/bot help"}},
		"alone":                  {"/bot", []string{"/bot help"}},
		"ignore what is here":    {"/bot ignore", []string{"/bot ignore"}},
		"a nightly":              {"/bot bump nightly.2026-01-02", []string{"/bot bump nightly.2026-01-02"}},
		"emphasis behind it":     {"/bot bump v4.5.2 *now*", []string{`problem: bump does not take "*now*"`}},
		"unknown word":           {"/bot merge", []string{`problem: there is no command "merge"`}},
		"no version":             {"/bot bump", []string{"problem: bump needs a version, like v4.5.2"}},
		"half a version":         {"/bot bump v4.5", []string{`problem: "v4.5" is no complete version, like v4.5.2`}},
		"two versions":           {"/bot bump v4.5.2 v4.5.3", []string{"problem: bump takes one version"}},
		"a version too many":     {"/bot rebase v4.5.2", []string{"problem: rebase takes no version"}},
		"an option":              {"/bot bump v4.5.2 --take-over", []string{`problem: bump does not take "--take-over"`}},
		"another's":              {"/botany bump v4.5.2", nil},
		"in the middle":          {"please /bot bump v4.5.2", nil},
		"quoted":                 {"> /bot bump v4.5.2\n\nNo!", nil},
		"quoted, lazily":         {"> somebody said\n/bot bump v4.5.2", nil},
		"inline code":            {"`/bot bump v4.5.2`", nil},
		"inline code over lines": {"`a\n/bot bump v4.5.2\nb`", nil},
		"fenced":                 {"```\n/bot bump v4.5.2\n```", nil},
		"a fence left open":      {"```\n/bot bump v4.5.2", nil},
		"indented as code":       {"    /bot bump v4.5.2", nil},
		"hidden":                 {"<!--\n/bot bump v4.5.2\n-->", nil},
		"hidden in a line":       {"see <!-- a\n/bot bump v4.5.2\n--> b", nil},
		"in HTML":                {"<div>\n/bot bump v4.5.2\n</div>", nil},
		"in a list":              {"- /bot bump v4.5.2", nil},
		"a heading":              {"# /bot bump v4.5.2", nil},
		"a link":                 {"[a\n/bot bump v4.5.2](https://example.org)", nil},
		"nothing":                {"", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			if diff := cmp.Diff(c.want, said(c.body)); diff != "" {
				t.Errorf("%q (-want +got):\n%s", c.body, diff)
			}
		})
	}
}

func TestParseBoundsWhatItRepeats(t *testing.T) {
	t.Parallel()

	if got := command.Parse(strings.Repeat("/bot check\n\n", 1000)); len(got) != 10 {
		t.Errorf("%d commands of a thousand", len(got))
	}

	long := command.Parse("/bot " + strings.Repeat("é", 10_000))
	if len(long) != 1 || len(long[0].Problem) > 200 {
		t.Errorf("%v", long)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("/bot bump v4.5.2\n> /bot check")
	f.Add("`\n/bot x\n`")
	f.Fuzz(func(t *testing.T, body string) {
		for _, c := range command.Parse(body) {
			if c.Problem != "" {
				continue
			}

			again, ok := command.Line(c.String())
			if !ok || again.Verb != c.Verb || again.Application != c.Application || again.Has() != c.Has() {
				t.Errorf("%q: %v is read back as %v", body, c, again)
			}
		}
	})
}
