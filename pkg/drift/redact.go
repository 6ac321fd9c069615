package drift

import (
	"github.com/goingdark-social/bot/internal/lazyre"
)

var (
	secretWord = lazyre.New(`(?i)\b(\w*(?:PASS|PASSWD|SECRET|TOKEN|PRIVATE|_KEY)\w*)=("[^"]*"|'[^']*'|[^\s;&|,]+)`)
	userinfo   = lazyre.New(`(\w+://[^\s/:@]*):[^\s/]*@`)
)

// redact takes passwords out of what a finding quotes: a probe's command, an address, a line of the notes.
func (f *Finding) redact() {
	for _, text := range []*string{&f.Message, &f.Expected, &f.Actual, &f.Fix} {
		*text = userinfo.ReplaceAllString(secretWord.ReplaceAllString(*text, "${1}=xxxxx"), "${1}:xxxxx@")
	}
}
