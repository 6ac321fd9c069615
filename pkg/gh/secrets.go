package gh

import (
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/goingdark-social/bot/internal/lazyre"
)

const (
	redacted = "[redacted]"
	// A client of an App meets a new token an hour; older ones have expired.
	keptSecrets = 16
	// GitHub's tokens have 40 characters and more. What is much shorter is a
	// stand-in's, and may well be a part of ordinary words.
	minSecret  = 8
	maxMessage = 600
)

// tokenShaped is what GitHub's own tokens look like, whoever they belong to.
var tokenShaped = lazyre.New(`\b(gh[a-z]_[A-Za-z0-9_]{16,}|github_pat_[A-Za-z0-9_]{16,})`)

// secrets are the tokens that this client has used, so that an answer that
// repeats one cannot carry it into an error.
type secrets struct {
	mu   sync.Mutex
	used []string
}

func (s *secrets) add(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()

	if len(token) < minSecret || slices.Contains(s.used, token) {
		return
	}

	s.used = append(s.used, token)
	if len(s.used) > keptSecrets {
		s.used = s.used[1:]
	}
}

// clean makes text of a stranger fit for an error or a log: no secret, one
// line, no control or invisible characters, bounded.
func (s *secrets) clean(text string) string {
	s.mu.Lock()
	for _, token := range s.used {
		text = strings.ReplaceAll(text, token, redacted)
	}
	s.mu.Unlock()

	text = tokenShaped.ReplaceAllString(text, redacted)
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
