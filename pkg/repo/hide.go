package repo

import (
	"encoding/base64"
	"errors"
	"slices"
	"strings"
	"sync"
)

const (
	hiddenText = "[redacted]"
	// keptTokens is enough for an App, whose token changes every hour.
	keptTokens = 16
	// shortest is what a token has at least; what is shorter is a stand-in's
	// and may be a part of ordinary words.
	shortest = 8
)

// tokens are those that were sent to the server, in the spellings in which
// they travel: a server that repeats one must not carry it into an error.
type tokens struct {
	mu   sync.Mutex
	sent []string
}

func (t *tokens) add(user, token string) {
	t.mu.Lock()
	defer t.mu.Unlock()

	if len(token) < shortest || slices.Contains(t.sent, token) {
		return
	}

	t.sent = append(t.sent, base64.StdEncoding.EncodeToString([]byte(user+":"+token)), token)
	t.sent = t.sent[max(0, len(t.sent)-2*keptTokens):]
}

// hide is text without them.
func (t *tokens) hide(text string) string {
	t.mu.Lock()
	defer t.mu.Unlock()

	for _, secret := range t.sent {
		text = strings.ReplaceAll(text, secret, hiddenText)
	}

	return text
}

// say is what a server says as an error may repeat it.
func (t *tokens) say(text string) string { return oneLine(t.hide(text)) }

// hidden is err, or one of the same words where it repeats a token.
func (t *tokens) hidden(err error) error {
	if text := err.Error(); text != t.hide(text) {
		return errors.New(t.say(text))
	}

	return err
}
