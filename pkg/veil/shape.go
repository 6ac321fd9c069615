package veil

import (
	"strings"
	"unicode"

	"github.com/goingdark-social/bot/internal/lazyre"
)

// Shaped is text without what looks like a secret, whoever it belongs to:
// tokens of GitHub and Slack, passwords in addresses and connection strings,
// private keys, and words that are too much of a jumble to be anything else. It
// is for what people wrote where no secret belongs, and errors would repeat; a
// short password by itself is not told from a word.
func Shaped(text string) string {
	text = token.ReplaceAllString(text, Hidden)
	text = userinfo.ReplaceAllString(text, "://"+Hidden+"@")
	text = pair.ReplaceAllString(text, "password="+Hidden)

	return jumble.ReplaceAllStringFunc(text, func(word string) string {
		if jumbled(word) {
			return Hidden
		}

		return word
	})
}

var (
	// token is how GitHub's and Slack's begin, and Slack's webhooks:
	// https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github#githubs-token-formats
	// https://docs.slack.dev/authentication/tokens
	token    = lazyre.New(`(?i)\b(?:gh[a-z]_|github_pat_|xox[a-z]-|xapp-)[A-Za-z0-9_-]{8,}|https://hooks\.slack\.com/\S*`)
	userinfo = lazyre.New(`://[^/\s]*@`)
	jumble   = lazyre.New(`[A-Za-z0-9+/_=-]{20,}`)
)

// jumbled tells whether a word has what random ones have: capitals, small
// letters and digits.
func jumbled(word string) bool {
	return strings.ContainsFunc(word, unicode.IsUpper) && strings.ContainsFunc(word, unicode.IsLower) && strings.ContainsFunc(word, unicode.IsDigit)
}
