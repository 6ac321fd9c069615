package gh

import (
	"strings"
	"unicode"

	"github.com/goingdark-social/bot/internal/lazyre"
	"github.com/goingdark-social/bot/pkg/veil"
)

const maxMessage = 600

// tokenShaped is what GitHub's own tokens look like, whoever they belong to.
var tokenShaped = lazyre.New(`\b(gh[a-z]_[A-Za-z0-9_]{16,}|github_pat_[A-Za-z0-9_]{16,})`)

// clean makes text of a stranger fit for an error or a log: no secret, one
// line, no control or invisible characters, bounded.
func clean(v *veil.Veil, text string) string {
	text = tokenShaped.ReplaceAllString(v.Hide(text), veil.Hidden)
	text = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}

		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return -1
		}

		return r
	}, text)

	if runes := []rune(text); len(runes) > maxMessage {
		text = string(runes[:maxMessage]) + "…"
	}

	return strings.TrimSpace(text)
}
