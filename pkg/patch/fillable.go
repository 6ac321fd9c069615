package patch

import (
	"bytes"
	"strings"

	"github.com/goingdark-social/bot/internal/lazyre"
	"github.com/goingdark-social/bot/pkg/patch/internal/source"
)

// isTemplate tells a file that becomes YAML only when a program has filled it in.
func (p *page) isTemplate() bool { return bytes.Contains(p.data, []byte("{{")) }

// fillable tells a template that may well become YAML: one of a chart, whose parts can stand for anything, or one that parses with
// something in the place of what will be filled in. A file with "{{" in a text and a mistake elsewhere is broken, not a template.
func (p *page) fillable() bool {
	if !p.isTemplate() || !p.isYAML() || strings.Contains(p.path, "templates/") {
		return p.isTemplate()
	}

	_, err := source.ParseYAML(source.Whole([]byte(filled(string(p.data)))))

	return err == nil
}

var actions = lazyre.New(`(?s)\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}`)

// filled puts a word in the place of each action, and nothing where a line holds actions alone.
func filled(text string) string {
	const mark = "\x00"

	marked := actions.ReplaceAllStringFunc(text, func(action string) string {
		return mark + strings.Repeat("\n"+mark, strings.Count(action, "\n"))
	})

	lines := strings.SplitAfter(marked, "\n")
	for i, line := range lines {
		with := "x"
		if strings.Trim(line, mark+" \t\r\n") == "" {
			with = ""
		}

		lines[i] = strings.ReplaceAll(line, mark, with)
	}

	return strings.Join(lines, "")
}
