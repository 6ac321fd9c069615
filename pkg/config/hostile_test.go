package config_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/goingdark-social/bot/pkg/config"
)

// TestHostileFiles: whatever a file holds, the answer is a short list of mistakes, soon.
func TestHostileFiles(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"too large":         {bytes.Repeat([]byte("# ten megabytes\n"), 10<<16), "more than the 1048576 allowed"},
		"binary":            {[]byte("version: 1\nx: \"\xff\"\n"), "bot.yaml:2:5: the file is not UTF-8"},
		"utf-16":            {[]byte("\xff\xfev\x00:\x00"), "bot.yaml:1:1: the file is not UTF-8"},
		"zero bytes":        {[]byte("version: 1\n\x00"), "not valid YAML"},
		"deep flow":         {[]byte("version: " + strings.Repeat("[", 500_000)), "not valid YAML: exceeded max depth"},
		"deep blocks":       {[]byte(strings.Repeat("- ", 500_000)), "not valid YAML: exceeded max depth"},
		"deep but allowed":  {[]byte("version: 1\napplications: " + strings.Repeat("[", 9_000) + strings.Repeat("]", 9_000)), "must be a mapping"},
		"alias bomb":        {aliasBomb(), "means more than 50000 values"},
		"merge bomb":        {mergeBomb(), "means more than 50000 values"},
		"alias of itself":   {[]byte("version: 1\napplications: &a [*a]\n"), "must be a mapping"},
		"merge of itself":   {[]byte("version: 1\napplications: [&a {<<: *a}]\n"), "merges (<<) nest too deep"},
		"many unknown keys": {manyKeys(), "and more mistakes from here on"},
		"a long key":        {[]byte("version: 1\n? " + strings.Repeat("k", 900_000) + "\n: 1\n"), "unknown key"},
		"a long value":      {[]byte("version: 1\napplications: [{name: " + strings.Repeat("n", 900_000) + "}]"), "is longer than 1000 characters"},
		"long platforms":    {[]byte("version: 1\napplications: [{platforms: [" + strings.Repeat("linux/amd64,", 80_000) + "]}]"), "more"},
		"unknown anchor":    {[]byte("version: *x"), "unknown anchor"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			start := time.Now()
			_, err := config.ParsePolicy("bot.yaml", c.data)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %.300v, want %s", err, c.want)
			}
			if all, ok := errors.AsType[config.Errors](err); !ok || len(all) > 101 || len(err.Error()) > 64<<10 {
				t.Errorf("%d mistakes, %d bytes", len(all), len(err.Error()))
			}
			if took := time.Since(start); took > 20*time.Second {
				t.Errorf("took %s", took)
			}
		})
	}
}

// aliasBomb is a thousand applications that each are one with a thousand labels.
func aliasBomb() []byte {
	var b strings.Builder
	b.WriteString("version: 1\napplications:\n- &a\n  pullRequest: {labels: [")
	for i := range 1000 {
		fmt.Fprintf(&b, "l%d,", i)
	}
	b.WriteString("]}\n" + strings.Repeat("- *a\n", 1000))
	return []byte(b.String())
}

// mergeBomb doubles at each of its levels.
func mergeBomb() []byte {
	var b strings.Builder
	b.WriteString("version: 1\napplications:\n- &a0 {channel: stable, pin: tag}\n")
	for i := range 60 {
		fmt.Fprintf(&b, "- &a%d {<<: [*a%d, *a%d, *a%d]}\n", i+1, i, i, i)
	}
	return []byte(b.String())
}

func manyKeys() []byte {
	var b strings.Builder
	b.WriteString("version: 1\n")
	for i := range 40_000 {
		fmt.Fprintf(&b, "applicatiom%d: 1\n", i)
	}
	return []byte(b.String())
}
