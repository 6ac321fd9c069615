package database_test

import (
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/goingdark-social/bot/pkg/database"
)

func TestAnErrorNeverShowsThePassword(t *testing.T) {
	t.Parallel()

	silent, err := net.Listen("tcp", "127.0.0.1:0") // takes connections and never answers
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()

	for name, dsn := range map[string]string{
		"nobody there":    "postgres://bot:canary@127.0.0.1:1/mastodon?sslmode=disable",
		"never answers":   "postgres://bot:canary@" + silent.Addr().String() + "/mastodon?sslmode=disable",
		"no such host":    "postgres://bot:canary@no.such.host.invalid/mastodon",
		"broken address":  "postgres://bot:canary@[::1/mastodon",
		"broken pairs":    "host=127.0.0.1 password='canary",
		"unknown mode":    "postgres://bot:canary@127.0.0.1/mastodon?sslmode=canary",
		"another program": "mysql://bot:canary@127.0.0.1/mastodon?port=canary",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			begun := time.Now()
			_, err := database.Read(t.Context(), database.Options{DSN: dsn, Timeout: 300 * time.Millisecond})

			if _, ok := errors.AsType[*database.Error](err); !ok || strings.Contains(err.Error(), "canary") {
				t.Errorf("err = %v", err)
			}

			if took := time.Since(begun); took > 5*time.Second {
				t.Errorf("took %s", took)
			}
		})
	}
}
