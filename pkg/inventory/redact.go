package inventory

import (
	"net/url"
	"strings"

	"github.com/goingdark-social/bot/internal/lazyre"
)

// A manifest may hold a password in plain text. It goes no further than this file.

// placeholder stands for a password, as net/url writes it.
const placeholder = "xxxxx"

var (
	secretName = lazyre.New(`(?i)(PASS|PASSWORD|PASSWD|SECRET|TOKEN|PRIVATE|_KEY|KEY_BASE|_SALT)`)
	secretWord = lazyre.New(`(?i)\b(\w*(?:PASS|SECRET|TOKEN|PRIVATE|_KEY)\w*)=("[^"]*"|'[^']*'|[^\s;&|]+)`)
	userinfo   = lazyre.New(`(\w+://[^\s/:@]*):[^\s/]*@`)
	notSecret  = lazyre.New(`(?i)(_PATH|_FILE|SSL_?KEY|KEY_PREFIX)$`)
)

// plain is a setting's value, and whether it may be shown. Userinfo of addresses is cut down to the user.
func plain(name, value string) (string, bool) {
	if secretName.MatchString(name) && !notSecret.MatchString(name) {
		return "", false
	}
	return redact(value), true
}

// redact takes passwords out of a command line or an address.
func redact(text string) string {
	if u, err := url.Parse(text); err == nil && u.User != nil {
		return u.Redacted()
	}
	text = secretWord.ReplaceAllString(text, "${1}="+placeholder)
	return userinfo.ReplaceAllString(text, "${1}:"+placeholder+"@")
}

// oneLine joins a script's lines for a message.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
