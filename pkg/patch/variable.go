package patch

import (
	"strings"

	"github.com/goingdark-social/bot/internal/lazyre"
	"github.com/goingdark-social/bot/pkg/patch/internal/source"
)

// reading matches what stands for a tag: ${name}, ${name:-default} (also = and without the colon), $name, $(name), with a v before
// it or not.
var reading = lazyre.New(`^(v?)(?:\$\{([A-Za-z_][A-Za-z0-9_]*)(?:(:?[-=])([^}]*)|:?\?[^}]*)?\}|\$([A-Za-z_][A-Za-z0-9_]*)|\$\(([A-Za-z_][A-Za-z0-9_.-]*)\))$`)

// read understands what stands in the place of a tag, from an offset in the text on. It tells false when that is no variable.
func (r *Reference) read(t source.Text, from int) bool {
	rest := t.String()[from:]

	if strings.HasPrefix(strings.TrimPrefix(rest, "v"), "{{") {
		r.Tag, r.at.elsewhere = rest, true

		return true
	}

	m := reading.FindStringSubmatchIndex(rest)
	if m == nil {
		return false
	}

	sub := func(i int) string { return rest[max(m[2*i], 0):max(m[2*i+1], 0)] }
	r.Tag, r.at.variable = rest, sub(2)+sub(5)+sub(6)

	if sub(4) != "" {
		r.Tag = sub(1) + sub(4)
		r.at.tag = t.Span(from+m[8], from+m[9])
	}

	if sub(1) == "v" {
		r.at.spell = withoutV
	}

	return true
}

// withoutV spells a release where the v stands before it or by custom is left out.
func withoutV(tag string) string { return strings.TrimPrefix(tag, "v") }
