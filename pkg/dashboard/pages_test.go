package dashboard_test

import (
	"encoding/xml"
	"errors"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/goingdark-social/bot/pkg/dashboard"
	"github.com/goingdark-social/bot/pkg/severity"
	"github.com/goingdark-social/bot/pkg/status"
)

// pageOf is what a browser gets.
func pageOf(t *testing.T, state dashboard.State, path string) (body string, h http.Header) {
	t.Helper()

	pages, err := dashboard.New(dashboard.Options{
		State: func() dashboard.State { return state }, Access: dashboard.Access{Listen: "127.0.0.1:8080"}, Now: func() time.Time { return now },
	})
	if err != nil {
		t.Fatal(err)
	}

	w := httptest.NewRecorder()
	pages.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://127.0.0.1:8080"+path, http.NoBody))

	return w.Body.String(), w.Header()
}

var tags = regexp.MustCompile(`<[^>]*>`)

// words is what a page says, without its tags.
func words(body string) string {
	return strings.Join(strings.Fields(html.UnescapeString(tags.ReplaceAllString(body, " "))), " ")
}

func TestTheListAndItsFilters(t *testing.T) {
	t.Parallel()

	state := example(t)

	for path, c := range map[string]struct{ shows, hides string }{
		"/":                           {"mastodon community events press sandbox", ""},
		"/?state=security":            {"mastodon", "community events press sandbox"},
		"/?state=mixed":               {"events", "mastodon community press"},
		"/?state=failing":             {"sandbox", "mastodon events"},
		"/?state=current":             {"community", "mastodon events press sandbox"},
		"/?q=PRESS":                   {"press", "mastodon community"},
		"/?q=v4.4.17":                 {"press", "community"},
		"/?repository=example/gitops": {"mastodon", "community press"},
		"/?state=held&q=pre":          {"press", "mastodon community"},
		"/?state=nonsense":            {"", "mastodon community events press sandbox"},
	} {
		body, _ := pageOf(t, state, path)

		for name := range strings.FieldsSeq(c.shows) {
			if !strings.Contains(body, `">`+name+"</a>") {
				t.Errorf("%s does not list %s", path, name)
			}
		}

		for name := range strings.FieldsSeq(c.hides) {
			if strings.Contains(body, `">`+name+"</a>") {
				t.Errorf("%s lists %s", path, name)
			}
		}
	}
}

func TestAPageSaysAllThatIsKnown(t *testing.T) {
	t.Parallel()

	body, h := pageOf(t, example(t), "/applications/example/gitops/mastodon")
	text := words(body)

	for _, want := range []string{
		"Security release v4.5.10 is waiting", "4 d 17 h", "Pull request #128", "2 of 3 pods of sidekiq run v4.5.8", "apps/mastodon/base/sidekiq.yaml:31",
		"What to do:", "the channel is stable", "To v4.5.10", "Take a base backup on the primary", "apps/old/values.yaml:12", "not asked",
		"the check deploy-preview has not ended", "13 upgrades", "v4.5.8 → v4.5.9", "What each component is on",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not on the page", want)
		}
	}

	if want := `href="https://github.com/example/gitops/blob/9a1c7f0e5b3d2468ace013579bdf02468ace1357/docs/runbook.md#L12"`; !strings.Contains(body, want) {
		t.Errorf("no link %s", want)
	}

	if h.Get("Refresh") != "60" || h.Get("Cache-Control") != "no-store" {
		t.Errorf("%v", h)
	}
}

func TestRefreshingCanBeTurnedOff(t *testing.T) {
	t.Parallel()

	body, h := pageOf(t, example(t), "/?q=masto&refresh=off")
	if h.Get("Refresh") != "" || !strings.Contains(body, `href="?q=masto"`) {
		t.Error("it refreshes itself still, or cannot be made to again")
	}
}

// TestThePictureIsSound: it is well-formed, has a mark for each release and one band for each mixed window.
func TestThePictureIsSound(t *testing.T) {
	t.Parallel()

	body, _ := pageOf(t, example(t), "/applications/example/gitops/mastodon")
	from := strings.Index(body, `<svg class="line"`)
	svg := body[from : from+strings.Index(body[from:], "</svg>")+len("</svg>")]

	counts := map[string]int{}
	d := xml.NewDecoder(strings.NewReader(svg))

	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}

		if err != nil {
			t.Fatal(err)
		}

		if e, ok := token.(xml.StartElement); ok {
			for _, a := range e.Attr {
				if a.Name.Local == "style" || strings.HasPrefix(a.Name.Local, "on") {
					t.Errorf("<%s %s>: the policy forbids it", e.Name.Local, a.Name.Local)
				}

				if a.Name.Local == "class" {
					counts[e.Name.Local+" "+a.Value]++
				}
			}
		}
	}

	for what, least := range map[string]int{"rect mark security": 10, "circle mark": 3, "rect mixed": 5, "path ran": 1, "line wait security open": 1, "text version": 10} {
		if counts[what] < least {
			t.Errorf("%d of %q, want %d", counts[what], what, least)
		}
	}
}

// TestNothingHostileGetsThrough: what stands in files, tags and notes is text on the page.
func TestNothingHostileGetsThrough(t *testing.T) {
	t.Parallel()

	const evil = `"><script>alert(1)</script><img src=x onerror=alert(1)>`

	a := status.Application{
		Name: "mastodon" + evil, On: []string{evil}, Newest: evil, Blocked: evil, Err: evil,
		Rows:     []status.Row{{Component: evil, Image: evil, Repository: []string{evil}, Live: true, Cluster: []string{evil}}},
		Held:     []status.Held{{Version: evil, Rule: evil, Reason: evil}},
		Findings: []status.Finding{{Check: evil, Severity: severity.Error, File: evil, Message: evil, Fix: evil}},
		Pulls:    []status.Pull{{Title: evil, URL: "javascript:alert(1)", Left: evil}},
		Proposals: []status.Proposal{{To: evil, Why: evil, Notes: evil + "\n\n[a](javascript:alert(1)) ![b](data:image/svg+xml,x) ![c](https://evil.example/x.png)\n\n" +
			"<details open ontoggle=alert(1)><summary>x</summary>\n\n<sub onclick=alert(1)>y</sub>\n\n</details></main>"}},
	}
	r := status.Repository{Name: "example/gitops", URL: "https://github.com/example/gitops", Commit: evil, Branch: evil, At: now, Applications: []status.Application{a}}
	state := dashboard.State{Repositories: []status.Repository{r, {Name: evil, Err: evil}}}

	for _, path := range []string{"/?q=%22%3E%3Cscript%3E", "/", "/applications/example/gitops/" + pathEscaped(a.Name)} {
		body, _ := pageOf(t, state, path)
		for _, found := range regexp.MustCompile(`(?i)<script|<img src="?x|<[^>]* on\w+=|(?:href|src)="?(?:javascript|data):|<img[^>]*evil\.example|<details open`).FindAllString(body, -1) {
			t.Errorf("%s: %s", path, found)
		}

		if strings.Count(body, "</main>") != 1 {
			t.Errorf("%s: the page is broken open", path)
		}
	}
}

func pathEscaped(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		b.WriteString("%" + string("0123456789ABCDEF"[c>>4]) + string("0123456789ABCDEF"[c&15]))
	}

	return b.String()
}
