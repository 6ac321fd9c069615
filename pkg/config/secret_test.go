package config_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/goingdark-social/bot/pkg/config"
)

// holder has the secret where fmt calls no method: in an unexported field.
type holder struct {
	Open   config.Secret
	closed config.Secret
}

func TestSecretIsNeverShown(t *testing.T) {
	t.Parallel()
	s := config.NewSecret("canary")
	h := holder{s, s}
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d", "%T", "%10.3s"} {
		for _, v := range []any{s, &s, h, &h, []config.Secret{s}, map[string]config.Secret{"k": s}, fmt.Errorf("no: %v", h)} {
			fmt.Fprintf(&out, verb+"\n", v)
		}
	}
	for _, v := range []any{s, &s, h, map[string]any{"k": s}} {
		raw, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		out.Write(raw)
		if raw, err = yaml.Marshal(v); err != nil {
			t.Fatal(err)
		}
		out.Write(raw)
	}
	slog.New(slog.NewTextHandler(&out, nil)).Info("text", "s", s, "h", h, "p", &h)
	slog.New(slog.NewJSONHandler(&out, nil)).Info("json", "s", s, "h", h, "p", &h)
	text := out.String()
	// "canary" in hexadecimal, quoted and as bytes.
	for _, form := range []string{"canary", "63616e617279", "99 97 110"} {
		if strings.Contains(text, form) {
			t.Errorf("%q is in\n%s", form, text)
		}
	}
	if !strings.Contains(text, "[redacted]") || s.Reveal() != "canary" || h.closed.Reveal() != "canary" {
		t.Error("the secret is lost")
	}
}

func TestSecretZero(t *testing.T) {
	t.Parallel()
	var s config.Secret
	if !s.IsZero() || s.Reveal() != "" || s.String() != "[redacted]" || config.NewSecret("x").IsZero() {
		t.Error("the zero secret is not empty")
	}
	if got := config.Redact("a canary b", s, config.NewSecret("canary")); got != "a [redacted] b" {
		t.Error(got)
	}
}

func TestSourceRead(t *testing.T) {
	t.Parallel()
	getenv := func(name string) string {
		return map[string]string{"TOKEN": " canary\n", "BLANK": " \n", "BINARY": "canary\x00"}[name]
	}
	readFile := func(name string) ([]byte, error) {
		switch name {
		case "/run/key":
			return []byte("-----BEGIN-----\ncanary\n-----END-----\n"), nil
		case "/run/large":
			return bytes.Repeat([]byte("canary"), 1<<20), nil
		default:
			return nil, &os.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
		}
	}
	for _, c := range []struct {
		source config.Source
		want   string
		err    string
	}{
		{config.Source{Env: "TOKEN"}, "canary", ""},
		{config.Source{File: "/run/key"}, "-----BEGIN-----\ncanary\n-----END-----", ""},
		{config.Source{Env: "NONE"}, "", "the secret in environment variable NONE is not set or empty"},
		{config.Source{Env: "BLANK"}, "", "the secret in environment variable BLANK is not set or empty"},
		{config.Source{Env: "BINARY"}, "", "the secret in environment variable BINARY holds a zero byte"},
		{config.Source{File: "/run/none"}, "", "reading the secret in file /run/none: file does not exist"},
		{config.Source{File: "/run/large"}, "", "the secret in file /run/large is larger than 65536 bytes"},
		{config.Source{}, "", "a secret comes from either an environment variable or a file"},
		{config.Source{Env: "TOKEN", File: "/run/key"}, "", "a secret comes from either an environment variable or a file"},
	} {
		got, err := c.source.Read(getenv, readFile)
		if c.err == "" && (err != nil || got.Reveal() != c.want) {
			t.Errorf("%+v: %q, %v", c.source, got.Reveal(), err)
		}
		if c.err != "" && (err == nil || err.Error() != c.err) {
			t.Errorf("%+v: error %v, want %s", c.source, err, c.err)
		}
	}
	if _, err := (config.Source{File: "/run/none"}).Read(getenv, readFile); !errors.Is(err, fs.ErrNotExist) {
		t.Error("the cause is lost")
	}
}
