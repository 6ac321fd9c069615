package repo

import (
	"errors"

	"github.com/goingdark-social/bot/pkg/veil"
)

// say is what a server says as an error may repeat it: without any token.
func say(v *veil.Veil, text string) string { return oneLine(v.Hide(text)) }

// hidden is err, or one of the same words where it repeats a token.
func hidden(v *veil.Veil, err error) error {
	if text := err.Error(); text != v.Hide(text) {
		return errors.New(say(v, text))
	}

	return err
}
