package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
)

// Secret is a text that only [Secret.Reveal] shows. Printed, logged or marshalled it is "[redacted]".
type Secret struct {
	// A closure, because fmt and every other walker by reflection sees through a string in an unexported field
	// without asking its methods.
	reveal func() string
}

const redacted = "[redacted]"

// NewSecret returns the secret with that value.
func NewSecret(value string) Secret { return Secret{func() string { return value }} }

// Reveal returns the value. Its callers are the places to look at in a review.
func (s Secret) Reveal() string {
	if s.reveal == nil {
		return ""
	}
	return s.reveal()
}

// IsZero says whether there is nothing to reveal.
func (s Secret) IsZero() bool { return s.Reveal() == "" }

// String hides the value.
func (Secret) String() string { return redacted }

// GoString hides the value from %#v.
func (Secret) GoString() string { return redacted }

// Format hides the value from every verb, %x and %d among them.
func (Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// MarshalText hides the value from encoders of texts and keys.
func (Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// MarshalJSON hides the value from encoding/json.
func (Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + redacted + `"`), nil }

// MarshalYAML hides the value from YAML encoders.
func (Secret) MarshalYAML() (any, error) { return redacted, nil }

// LogValue hides the value from slog.
func (Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// Source says where a secret is; exactly one of its fields is set.
type Source struct {
	// Env is the name of an environment variable.
	Env string
	// File is the path of a file.
	File string
}

// String names the place.
func (s Source) String() string {
	if s.Env != "" {
		return "environment variable " + s.Env
	}
	return "file " + s.File
}

// maxSecret bounds what is taken from a file: a key is a few kilobytes.
const maxSecret = 64 << 10

// Read fetches the secret with the two functions given, os.Getenv and os.ReadFile or stand-ins. White space
// around the value is dropped. A value that is not there is an error that names the place, never the value.
func (s Source) Read(getenv func(string) string, readFile func(string) ([]byte, error)) (Secret, error) {
	raw, err := s.raw(getenv, readFile)
	if err != nil {
		return Secret{}, err
	}
	if len(raw) > maxSecret {
		return Secret{}, fmt.Errorf("the secret in %s is larger than %d bytes", s, maxSecret)
	}
	value := bytes.TrimSpace(raw)
	if len(value) == 0 {
		return Secret{}, fmt.Errorf("the secret in %s is not set or empty", s)
	}
	if bytes.IndexByte(value, 0) >= 0 {
		return Secret{}, fmt.Errorf("the secret in %s holds a zero byte", s)
	}
	return NewSecret(string(value)), nil
}

func (s Source) raw(getenv func(string) string, readFile func(string) ([]byte, error)) ([]byte, error) {
	switch {
	case (s.Env == "") == (s.File == ""):
		return nil, errors.New("a secret comes from either an environment variable or a file")
	case s.Env != "":
		return []byte(getenv(s.Env)), nil
	}
	raw, err := readFile(s.File)
	if err != nil {
		if pathErr, ok := errors.AsType[*os.PathError](err); ok {
			err = pathErr.Err
		}
		return nil, fmt.Errorf("reading the secret in %s: %w", s, err)
	}
	return raw, nil
}

// Redact returns text without any of the secrets' values.
func Redact(text string, secrets ...Secret) string {
	for _, s := range secrets {
		if !s.IsZero() {
			text = strings.ReplaceAll(text, s.Reveal(), redacted)
		}
	}
	return text
}
