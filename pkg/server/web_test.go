package server_test

import (
	"context"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"

	"github.com/goingdark-social/bot/pkg/server"
)

func TestMetricsAreNamedAsPrometheusAsks(t *testing.T) {
	t.Parallel()

	w := run(t, server.Setup{Schedule: "0 0 * * *", Pass: func(context.Context) (server.Report, error) {
		return server.Report{PullRequests: map[server.Action]int{"<b>invented</b>": 2, server.Left: 1, server.Opened: -1}}, nil
	}})

	w.metric(`bot_pull_requests_total{action="other"} 2`)
	w.metric(`bot_pull_requests_total{action="left"} 1`)
	w.metric(`bot_pull_requests_total{action="opened"} 0`)

	_, body := w.get("/metrics")

	ours := ""

	for line := range strings.Lines(body) {
		if strings.Contains(line, "bot_") {
			ours += line
		}
	}

	problems, err := promlint.New(strings.NewReader(ours)).Lint()
	if err != nil {
		t.Fatal(err)
	}

	for _, p := range problems {
		t.Errorf("%s: %s", p.Metric, p.Text)
	}

	if strings.Contains(body, "invented") {
		t.Error("a label's value came from outside")
	}

	if err, _ := w.finish(); err != nil {
		t.Error(err)
	}
}

// TestTheDocumentationListsTheMetrics and no others.
func TestTheDocumentationListsTheMetrics(t *testing.T) {
	t.Parallel()

	page, err := os.ReadFile("../../docs/running.md")
	if err != nil {
		t.Fatal(err)
	}

	w := run(t, server.Setup{Schedule: "0 0 * * *", Pass: func(context.Context) (server.Report, error) { return server.Report{}, nil }})
	_, body := w.get("/metrics")

	names := func(pattern, text string) []string {
		var out []string
		for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(text, -1) {
			out = append(out, m[1])
		}

		slices.Sort(out)

		return out
	}

	have, listed := names(`(?m)^# TYPE (bot_[a-z_]+) `, body), names("(?m)^\\| `(bot_[a-z_]+)", string(page))
	if !slices.Equal(have, listed) {
		t.Errorf("exported: %v\nlisted:   %v", have, listed)
	}

	if err, _ := w.finish(); err != nil {
		t.Error(err)
	}
}

func TestThePathsAreFewAndReadOnly(t *testing.T) {
	t.Parallel()

	w := run(t, server.Setup{Schedule: "0 0 * * *", Pass: func(context.Context) (server.Report, error) { return server.Report{}, nil }})

	for path, want := range map[string]int{"/": 404, "/debug/pprof/": 404, "/healthz": 200, "/readyz": 200, "/metrics": 200} {
		if code, _ := w.get(path); code != want {
			t.Errorf("GET %s = %d, want %d", path, code, want)
		}
	}

	resp, err := http.Post(w.base+"/healthz", "text/plain", strings.NewReader("x"))
	if err != nil {
		t.Fatal(err)
	}

	resp.Body.Close()

	if resp.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("POST /healthz = %d", resp.StatusCode)
	}

	if err, _ := w.finish(); err != nil {
		t.Error(err)
	}
}
