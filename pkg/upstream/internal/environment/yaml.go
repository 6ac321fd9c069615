package environment

import (
	"strings"

	"github.com/goingdark-social/bot/internal/lazyre"
	"github.com/goingdark-social/bot/pkg/upstream/facts"
	"github.com/goingdark-social/bot/pkg/upstream/internal/ruby"
)

var (
	erbTag     = lazyre.New(`(?s)<%[-=]?(.*?)-?%>`)
	topKey     = lazyre.New(`^([A-Za-z_]+):`)
	inTemplate = lazyre.New(`\bENV(?:\[|\.|&\.)`)
)

// yaml reads ERB in YAML. What stands in a comment has no effect, although ERB runs it; sections named after Rails'
// other environments belong to those.
func (c *collector) yaml(f File) {
	section, line, end := "", 0, 0
	comment := false
	for _, tag := range erbTag.FindAllStringSubmatchIndex(f.Text, -1) {
		for end <= tag[0] { // walk to the tag's line
			start := end
			end += strings.IndexByte(f.Text[start:]+"\n", '\n') + 1
			line++
			text := f.Text[start:min(end, len(f.Text))]
			comment = strings.HasPrefix(strings.TrimSpace(text), "#")
			if m := topKey.FindStringSubmatch(text); m != nil {
				section = m[1]
			}
		}
		if comment {
			continue
		}
		first := line + strings.Count(f.Text[tag[0]:tag[2]], "\n")
		tokens, err := ruby.Tokens(f.Text[tag[2]:tag[3]], first)
		if err != nil {
			c.lexError(f, err)
			continue
		}
		c.tokens(f, tokens, sectionScopes(section))
	}
}

func sectionScopes(section string) []facts.Scope {
	switch section {
	case "development":
		return development
	case "test":
		return test
	default:
		return nil
	}
}

// template reads views: the rest of each line on which ENV is used.
func (c *collector) template(f File) {
	line := 1
	for text := range strings.Lines(f.Text) {
		if at := inTemplate.FindStringIndex(text); at != nil {
			code := strings.TrimSpace(text[at[0]:])
			if end := strings.Index(code, "%>"); end >= 0 {
				code = code[:end]
			}
			tokens, err := ruby.Tokens(code, line)
			if err != nil {
				c.lexError(f, err)
			} else {
				c.tokens(f, tokens, nil)
			}
		}
		line++
	}
}
