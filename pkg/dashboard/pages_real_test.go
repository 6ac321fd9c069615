//go:build real

package dashboard_test

import (
	"net/http/httptest"
	"os"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/goingdark-social/bot/pkg/dashboard"
)

// served is the example behind a real address.
func served(t *testing.T, state dashboard.State) string {
	t.Helper()

	pages, err := dashboard.New(dashboard.Options{
		State: func() dashboard.State { return state }, Access: dashboard.Access{Listen: "127.0.0.1:8080"},
		Now: func() time.Time { return now }, Version: "v1.0.0",
	})
	if err != nil {
		t.Fatal(err)
	}

	server := httptest.NewServer(pages)
	t.Cleanup(server.Close)

	return server.URL
}

// addresses is every kind of page.
var addresses = map[string]string{
	"list": "/", "filtered": "/?state=security&q=masto", "no row": "/?q=nothing-is-called-so", "application": "/applications/example/gitops/mastodon",
	"plain application": "/applications/example/platform/press", "failed application": "/applications/example/platform/sandbox", "nothing": "/applications/a/b/c",
}

type violation struct {
	ID, Help string
	Nodes    []struct{ HTML, FailureSummary string }
}

// TestEveryPageInABrowser: in both colour schemes, on a screen and on a phone, no page breaks a rule of axe-core, can be scrolled
// sideways, or says anything in the console.
func TestEveryPageInABrowser(t *testing.T) {
	t.Parallel()

	axe, err := os.ReadFile(os.Getenv("BOT_TEST_AXE"))
	if err != nil {
		t.Fatalf("BOT_TEST_AXE is axe-core's axe.min.js: make test-real knows where it is: %v", err)
	}

	b, base := chromium(t), served(t, example(t))
	empty := served(t, dashboard.State{})

	for name, path := range addresses {
		for _, scheme := range []string{"light", "dark"} {
			for _, width := range []int64{1280, 320} {
				b.look(t, base+path, scheme, width)
				b.judge(t, name, scheme, width, string(axe))
			}
		}
	}

	b.look(t, empty+"/", "light", 320)
	b.judge(t, "empty", "light", 320, string(axe))
}

func (b *browser) judge(t *testing.T, name, scheme string, width int64, axe string) {
	t.Helper()

	for _, line := range b.heard(t) {
		if name != "nothing" { // that one is a 404, and Chromium says so
			t.Errorf("%s, %s, %d px: the console says %s", name, scheme, width, line)
		}
	}

	value[chromedp.Void](t, b, axe)

	wide := value[float64](t, b, `document.documentElement.scrollWidth`)
	found := value[[]violation](t, b, `axe.run().then(r => r.violations.map(v => (
		{ID: v.id, Help: v.help, Nodes: v.nodes.map(n => ({HTML: n.html, FailureSummary: n.failureSummary}))})))`)

	if wide > float64(width) {
		t.Errorf("%s, %s, %d px: the page is %g px wide", name, scheme, width, wide)
	}

	for _, v := range found {
		t.Errorf("%s, %s, %d px: %s: %s", name, scheme, width, v.ID, v.Help)

		for _, n := range v.Nodes[:min(len(v.Nodes), 3)] {
			t.Errorf("    %s\n    %s", n.HTML, n.FailureSummary)
		}
	}

	b.heard(t) // what axe itself may have said
}

// TestPictures makes the pictures of the documentation.
func TestPictures(t *testing.T) {
	t.Parallel()

	b, base := chromium(t), served(t, example(t))

	for _, scheme := range []string{"light", "dark"} {
		b.look(t, base+"/", scheme, 1280)
		b.picture(t, "dashboard-list-"+scheme, 0)
		b.look(t, base+"/applications/example/gitops/mastodon", scheme, 1280)
		b.picture(t, "dashboard-application-"+scheme, 1500)
	}

	b.look(t, base+"/applications/example/gitops/mastodon", "light", 375)
	b.picture(t, "dashboard-phone-light", 1400)
}
