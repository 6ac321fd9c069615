package veil

import (
	"strings"
	"unicode"

	"github.com/goingdark-social/bot/internal/lazyre"
)

// Shaped is text without what has the shape of a secret, whoever it belongs to:
// tokens of GitHub and Slack, passwords in addresses and connection strings. It
// is for what repeats words of people who mixed up where something belongs.
func Shaped(text string) string {
	text = shaped.ReplaceAllString(text, Hidden)
	text = userinfo.ReplaceAllString(text, "://"+Hidden+"@")

	return pair.ReplaceAllString(text, "password="+Hidden)
}

// Stray is [Shaped], and also without words that are too much of a jumble to be
// anything but random: keys, tokens of one's own. Names that look so go with
// them, so that it is for what says in another way what it is about. A short
// password by itself is not told from a word.
func Stray(text string) string {
	return jumble.ReplaceAllStringFunc(Shaped(text), func(word string) string {
		if jumbled(word) {
			return Hidden
		}

		return word
	})
}

var (
	// shaped is how GitHub's and Slack's tokens begin, and what Slack's webhooks are:
	// https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github#githubs-token-formats
	// https://docs.slack.dev/authentication/tokens
	shaped   = lazyre.New(`(?i)\b(?:gh[a-z]_|github_pat_|xox[a-z]-|xapp-)[A-Za-z0-9_-]{8,}|https?:/+[^\s/]+/services/T\w+/B\w+/\w+`)
	userinfo = lazyre.New(`://[^/\s:@]*:\S*@`)
	jumble   = lazyre.New(`[A-Za-z0-9+=]{20,}`)
)

// jumbled tells whether a word has what random ones have: capitals, small
// letters and digits.
func jumbled(word string) bool {
	return strings.ContainsFunc(word, unicode.IsUpper) && strings.ContainsFunc(word, unicode.IsLower) && strings.ContainsFunc(word, unicode.IsDigit)
}
