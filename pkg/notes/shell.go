package notes

import (
	"strings"

	"github.com/goingdark-social/bot/internal/lazyre"
	"github.com/goingdark-social/bot/pkg/inventory"
)

var harmless = lazyre.New(`^[A-Za-z0-9_./:=@%+,-]+$`)

// quote makes one word of a shell out of what somebody called something. A line break cannot be pasted safely into a
// terminal, so control characters go.
func quote(word string) string {
	word = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, word)
	if harmless.MatchString(word) {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

// kubectl is a command line in an object's namespace; words are quoted as they are.
func kubectl(o inventory.Object, words ...string) string {
	line := []string{"kubectl"}
	if o.Namespace != "" {
		line = append(line, "-n", quote(o.Namespace))
	}
	for _, word := range words {
		line = append(line, quote(word))
	}
	return strings.Join(line, " ")
}

var label = lazyre.New(`[^a-z0-9]+`)

// slug makes a name that Kubernetes takes: before-v4-4-4.
func slug(prefix, text string) string {
	return prefix + strings.Trim(label.ReplaceAllString(strings.ToLower(text), "-"), "-")
}
