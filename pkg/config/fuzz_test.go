package config_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/goingdark-social/bot/pkg/config"
)

func seeds(f *testing.F, prefix string) {
	f.Helper()
	for _, pattern := range []string{"testdata/valid/" + prefix + "*", "testdata/invalid/" + prefix + "*"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			if archive := txtar.Parse(data); len(archive.Files) > 0 {
				data = archive.Files[0].Data
			}
			f.Add(data)
		}
	}
	f.Add([]byte("version: 1\nschedule: 'TZ=x'\napplications: [&a {<<: [*a, {name: x}]}]"))
}

// promised is what holds for every input.
func promised(t *testing.T, err error, data []byte) {
	t.Helper()
	if err == nil {
		return
	}
	all, ok := errors.AsType[config.Errors](err)
	if !ok || len(all) == 0 {
		t.Fatalf("%T", err)
	}
	lines := strings.Count(string(data), "\n") + strings.Count(string(data), "\r") + strings.Count(string(data), "\u2028") +
		strings.Count(string(data), "\u2029") + strings.Count(string(data), "\u0085") + 2
	for _, e := range all {
		if e.Line > lines || e.Message == "" || strings.ContainsAny(e.Error(), "\x00\x1b\n\r") {
			t.Errorf("%q (%d lines)", e.Error(), lines)
		}
	}
}

func FuzzParsePolicy(f *testing.F) {
	seeds(f, "policy")
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := config.ParsePolicy("bot.yaml", data)
		if (p == nil) == (err == nil) {
			t.Fatal("neither a policy nor an error")
		}
		promised(t, err, data)
		if p == nil {
			return
		}
		for _, a := range p.Applications {
			if a.Channel == "" || len(a.Tracks) == 0 || len(a.MinimumAge) != 2 || len(a.Platforms) == 0 {
				t.Errorf("a default is missing: %+v", a)
			}
		}
	})
}

func FuzzParseOperator(f *testing.F) {
	seeds(f, "operator")
	f.Fuzz(func(t *testing.T, data []byte) {
		o, err := config.ParseOperator("operator.yaml", data)
		if (o == nil) == (err == nil) {
			t.Fatal("neither a configuration nor an error")
		}
		promised(t, err, data)
		if o != nil && (o.TimeZone == nil || o.Schedule == "" || o.Server.Listen == "") {
			t.Errorf("a default is missing: %+v", o)
		}
	})
}
