package server_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/goingdark-social/bot/pkg/server"
)

// TestAPageThatPanics is told in the log, which hides what is secret, and not
// past it on the process's stderr.
func TestAPageThatPanics(t *testing.T) {
	t.Parallel()

	w := run(t, server.Setup{Schedule: "0 0 1 1 *", Pass: func(context.Context) (server.Report, error) { return server.Report{}, nil }}, func(o *server.Options) {
		o.Pages = http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("a page's cAnary") })
	})

	if resp, err := http.Get(w.base + "/"); err == nil {
		resp.Body.Close()
		t.Errorf("it was answered %s", resp.Status)
	}

	until(t, "the panic in the log", func() bool { return strings.Contains(w.log.String(), "a page's cAnary") })

	if err, _ := w.finish(); err != nil {
		t.Error(err)
	}
}
