package rollout

import (
	"strings"
	"unicode"

	"github.com/goingdark-social/bot/internal/lazyre"
)

// How much of a log is shown.
const (
	shownLines = 30
	shownRunes = 300
)

const hidden = "xxxxx"

var (
	// assigned is a value under a name that speaks of a secret: DB_PASS=…, "password": "…", token: ….
	assigned = lazyre.New(`(?i)([\w.-]*(?:pass|passwd|password|pwd|secret|token|private|_key|apikey|api-key|otp|credential|cookie)[\w.-]*["']?\s*(?:=>|[=:])\s*)("[^"]*"?|'[^']*'?|[^\s,;&|)}\]]+)`)
	// bearing is a header that lets its bearer in.
	bearing = lazyre.New(`(?i)\b(authorization["']?\s*[:=]\s*)\S.*|\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{6,}`)
	// addressed is a password in an address.
	addressed = lazyre.New(`(\w+://[^\s/:@]*):[^\s/]*@`)
	// pem is the body of a key.
	pem = lazyre.New(`(?s)-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)`)
	// word is what may be a secret by its looks.
	word = lazyre.New(`[A-Za-z0-9+/_=-]{20,}`)
)

// Showable is the end of a log without what may be a secret: values under
// telling names, passwords in addresses, and whatever looks like a key. It may
// hide too much, and is a few lines of bounded length.
func Showable(log string) string {
	log = pem.ReplaceAllString(strings.ToValidUTF8(log, "\uFFFD"), hidden)

	var lines []string

	for line := range strings.Lines(log) {
		if line = strings.TrimRightFunc(line, unicode.IsSpace); line != "" {
			lines = append(lines, line)
		}
	}

	lines = lines[max(0, len(lines)-shownLines):]

	for i, line := range lines {
		line = addressed.ReplaceAllString(line, "${1}:"+hidden+"@")
		line = bearing.ReplaceAllString(line, "${1}${2} "+hidden)
		line = assigned.ReplaceAllString(line, "${1}"+hidden)
		line = word.ReplaceAllStringFunc(line, func(w string) string {
			if keyLike(w) {
				return hidden
			}

			return w
		})

		if runes := []rune(line); len(runes) > shownRunes {
			line = string(runes[:shownRunes]) + "…"
		}

		lines[i] = line
	}

	return strings.Join(lines, "\n")
}

// keyLike tells what looks like a key: small and capital letters and digits, or
// long and of hexadecimal digits alone. The name of a migration does not.
func keyLike(w string) bool {
	const small, capital, digits, hex = "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789", "0123456789abcdef"

	mixed := strings.ContainsAny(w, small) && strings.ContainsAny(w, digits)

	return mixed && strings.ContainsAny(w, capital) || mixed && len(w) >= 32 && strings.Trim(w, hex) == ""
}
