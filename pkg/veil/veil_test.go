package veil_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"html"
	"html/template"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/goingdark-social/bot/internal/faults/leaks"
	"github.com/goingdark-social/bot/pkg/veil"
)

const (
	token    = "github_pat_11CANARYabc123"
	password = `cAnary0123+p4/ss"<&`
)

// TestHidesEachSpelling, wherever it stands and whatever is around it.
func TestHidesEachSpelling(t *testing.T) {
	t.Parallel()

	v := &veil.Veil{}
	v.Keep(token, "postgres://bot:"+url.QueryEscape(password)+"@db.example.org:5432/mastodon?sslmode=require")

	inTemplate := func(s string) string {
		var out strings.Builder
		if err := template.Must(template.New("").Parse("{{.}}")).Execute(&out, s); err != nil {
			t.Fatal(err)
		}

		return out.String()
	}

	for name, spell := range map[string]func(string) string{
		"plain": func(s string) string { return s }, "upper": strings.ToUpper,
		"query": url.QueryEscape, "path": url.PathEscape, "html": html.EscapeString, "template": inTemplate,
		"quoted": func(s string) string { return fmt.Sprintf("%q", s) }, "quoted twice": func(s string) string { return fmt.Sprintf("%q", fmt.Sprintf("%q", s)) },
		"base64":             func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) },
		"basic":              func(s string) string { return base64.StdEncoding.EncodeToString([]byte("x-access-token:" + s)) },
		"base64 url":         func(s string) string { return base64.URLEncoding.EncodeToString([]byte("u:" + s + ":v")) },
		"two lines":          func(s string) string { return s[:7] + "\n" + s[7:] },
		"log line":           func(s string) string { return fmt.Sprintf("%q", s[:7]+"\r\n"+s[7:]) },
		"indented":           func(s string) string { return s[:7] + "\n    " + s[7:] },
		"quotation":          func(s string) string { return s[:7] + "\n> " + s[7:] },
		"lines quoted twice": func(s string) string { return fmt.Sprintf("%q", fmt.Sprintf("%q", s[:7]+"\n"+s[7:])) },
		"some capitals":      func(s string) string { return strings.ToUpper(s[:5]) + s[5:] },
		"bytes":              func(s string) string { return fmt.Sprintf("%d", []byte(s)) },
		"escaped twice":      func(s string) string { return url.QueryEscape(url.QueryEscape(s)) },
		"others' JSON":       func(s string) string { return strings.NewReplacer("/", `\/`, `"`, `\"`).Replace(s) },
		"in an address":      func(s string) string { return url.UserPassword("", s).String() },
	} {
		for _, secret := range []string{token, password} {
			text := "before " + spell(secret) + " behind\n"
			got := v.Hide(text)

			if !strings.Contains(got, veil.Hidden) || !strings.HasPrefix(got, "before ") || !strings.HasSuffix(got, " behind\n") {
				t.Errorf("%s: %q became %q", name, text, got)
			}

			if found := leaks.Find(map[string]string{"it": got}, []leaks.Secret{{Name: "token", Value: token}, {Name: "password", Value: "cAnary0123"}}); len(found) > 0 {
				t.Errorf("%s: %q", name, found)
			}
		}
	}
}

// TestHidesParts: lines of a key, passwords of addresses and of what libpq
// takes, the path of a webhook.
func TestHidesParts(t *testing.T) {
	t.Parallel()

	const line = "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ"

	v := &veil.Veil{}
	v.Keep("-----BEGIN OPENSSH PRIVATE KEY-----\n"+line+"\nAAAA\n-----END OPENSSH PRIVATE KEY-----",
		`host=db password='it\'s cAnary1' dbname=mastodon`, "https://hooks.slack.com/services/T000/B000/cAnaryHook2", "host=db password=cAnary0003 user=bot")

	for _, secret := range []string{line, "it's cAnary1", "cAnaryHook2", "/services/T000/B000/cAnaryHook2", "cAnary0003"} {
		if got := v.Hide("it is " + secret + "."); got != "it is "+veil.Hidden+"." {
			t.Errorf("%q: %q", secret, got)
		}
	}

	const harmless = "AAAA -----BEGIN OPENSSH PRIVATE KEY----- mastodon dbname=mastodon hooks.slack.com"
	if got := v.Hide(harmless); got != harmless {
		t.Error(got)
	}
}

// TestHidesPasswordsOfAddresses that Go itself does not read, or reads otherwise.
func TestHidesPasswordsOfAddresses(t *testing.T) {
	t.Parallel()

	for name, address := range map[string]string{
		"several hosts":    "postgres://bot:cAnary0004@one:5432,two:5432/bot?sslmode=require",
		"a lone per cent":  "postgres://bot:cAnary%0004@db/bot",
		"an @ inside":      "postgres://bot:cAn@ary0004@db/bot",
		"an @ behind":      "postgres://bot:cAnary0004@db/b@t",
		"a parameter":      "postgres://db/bot?user=bot&password=cAnary0004&sslmode=require",
		"that of a key":    "postgres://bot@db/bot?sslkey=/key&sslpassword=cAnary0004",
		"escaped":          "postgres://bot:cAnary%2F0004@db/bot",
		"a pair":           "host=db user=bot password = cAnary0004 dbname=bot",
		"a pair of a key":  "host=db sslkey=/key sslpassword='cAnary0004'",
		"a proxy":          "http://bot:cAnary0004@proxy:3128",
		"a slash, a colon": "postgres://bot:cAn:ary/0004@db/bot",
	} {
		v := &veil.Veil{}
		v.Keep(address)

		for _, said := range []string{"cAnary0004", "cAnary%0004", "cAn@ary0004", "cAnary%2F0004", "cAn:ary/0004"} {
			if !strings.Contains(address, said) {
				continue
			}

			if got := v.Hide("not " + said + ", no"); got != "not "+veil.Hidden+", no" {
				t.Errorf("%s: %q", name, got)
			}
		}
	}
}

// TestHidesWhatOverlaps: the end of one secret is the beginning of another.
func TestHidesWhatOverlaps(t *testing.T) {
	t.Parallel()

	v := &veil.Veil{}
	v.Keep("cAnaryFirstJOINT", "firstJOINTcAnarySecond", "JOINTcAnary")

	for text, want := range map[string]string{
		"a cAnaryFirstJOINTcAnarySecond b":        "a " + veil.Hidden + " b",
		"cAnaryFirstJOINT":                        veil.Hidden,
		"cAnaryFirst\nJOINTcAnary":                veil.Hidden,
		"JOINTcAnary, cAnaryFirstJOINT\nfirst\n":  veil.Hidden + ", " + veil.Hidden + "\nfirst\n",
		"cAnaryFirst JOINT cAnarySecond is three": "cAnaryFirst JOINT cAnarySecond is three",
	} {
		if got := v.Hide(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// TestTokensPushOutNoSecret: what a run was given at its start is hidden after
// any number of tokens that were good for an hour, and so are the latest.
func TestTokensPushOutNoSecret(t *testing.T) {
	t.Parallel()

	const many = 3000

	v := &veil.Veil{}
	v.Keep(password)

	for n := range many {
		v.Pass(token, fmt.Sprintf("ghs_CANARY%06d", n))
	}

	for _, secret := range []string{password, token, fmt.Sprintf("ghs_CANARY%06d", many-1), fmt.Sprintf("ghs_CANARY%06d", many-400)} {
		if got := v.Hide(secret); got != veil.Hidden {
			t.Errorf("%q: %q", secret, got)
		}
	}
}

// TestManyAtOnce: secrets are learned while others are hidden.
func TestManyAtOnce(t *testing.T) {
	t.Parallel()

	var (
		v    veil.Veil
		wait sync.WaitGroup
	)

	for n := range 8 {
		wait.Go(func() {
			for m := range 50 {
				secret := fmt.Sprintf("ghs_CANARY%d_%d", n, m)
				v.Pass(secret)

				if got := v.Hide("it is " + secret + "."); got != "it is "+veil.Hidden+"." {
					t.Errorf("%q", got)
				}
			}
		})
	}

	wait.Wait()
}

// TestWordsAreLeftAlone: a password that is a word cannot be told from one.
func TestWordsAreLeftAlone(t *testing.T) {
	t.Parallel()

	v := &veil.Veil{}
	v.Keep("", "short", "mastodon", "12345678", "postgres://mastodon:mastodon@db/mastodon")

	const text = "mastodon: short 12345678\nmastodon\n"
	if got := v.Hide(text); got != text {
		t.Error(got)
	}

	var none *veil.Veil

	none.Keep(token)

	if got := none.Hide(token); got != token {
		t.Error("one that does not exist hides")
	}
}

// TestErrorsStayWhatTheyAre: only their words change.
func TestErrorsStayWhatTheyAre(t *testing.T) {
	t.Parallel()

	v := &veil.Veil{}
	v.Keep(token)

	cause := errors.New("no")

	err := v.Error(fmt.Errorf("sent %s: %w", token, cause))
	if err.Error() != "sent "+veil.Hidden+": no" || !errors.Is(err, cause) {
		t.Errorf("%v", err)
	}

	if other := fmt.Errorf("other: %w", cause); v.Error(other) != other || v.Error(nil) != nil { //nolint:errorlint // the same one
		t.Error("an error without a secret was changed")
	}
}

// TestServersThatRepeatRequests: what a request carries is known from then on,
// and hidden in refusals, in headers and in errors. Content is what it was.
func TestServersThatRepeatRequests(t *testing.T) {
	t.Parallel()

	status := http.StatusForbidden
	v := &veil.Veil{}
	client := &http.Client{Transport: v.Transport(through(func(r *http.Request) (*http.Response, error) {
		if status == 0 {
			return nil, fmt.Errorf("could not send %v", r.Header)
		}

		rec := httptest.NewRecorder()
		rec.Header().Set("X-Sent", r.Header.Get("Authorization"))
		rec.WriteHeader(status)
		fmt.Fprint(rec, r.Header.Get("Authorization"))

		return rec.Result(), nil
	}))}

	ask := func() (string, error) {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://example.org/", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}

		req.SetBasicAuth("bot", token)

		resp, err := client.Do(req)
		if err != nil {
			return "", err
		}
		defer resp.Body.Close()

		body, err := io.ReadAll(resp.Body)

		return resp.Header.Get("X-Sent") + " " + string(body), err
	}

	if got, err := ask(); err != nil || got != "Basic "+veil.Hidden+" Basic "+veil.Hidden {
		t.Errorf("%q, %v", got, err)
	}

	status = http.StatusOK
	if got, err := ask(); err != nil || !strings.HasSuffix(got, base64.StdEncoding.EncodeToString([]byte("bot:"+token))) {
		t.Errorf("%q, %v", got, err)
	}

	status = 0
	if _, err := ask(); err == nil || strings.Contains(err.Error(), base64.StdEncoding.EncodeToString([]byte("bot:"+token))) {
		t.Errorf("%v", err)
	}
}

type through func(*http.Request) (*http.Response, error)

func (f through) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// TestWhatIsShown: to a terminal and to browsers.
func TestWhatIsShown(t *testing.T) {
	t.Parallel()

	v := &veil.Veil{}
	v.Keep(token)

	var out bytes.Buffer
	if n, err := fmt.Fprintf(v.Writer(&out), "it is %s\n", token); err != nil || n != len("it is \n")+len(token) || out.String() != "it is "+veil.Hidden+"\n" {
		t.Errorf("%d, %v, %q", n, err, out.String())
	}

	rec := httptest.NewRecorder()
	v.Handler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Sent", token)
		w.WriteHeader(http.StatusTeapot)
		fmt.Fprint(w, token[:9])
		fmt.Fprint(w, token[9:])
	})).ServeHTTP(rec, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", http.NoBody))

	if rec.Code != http.StatusTeapot || rec.Body.String() != veil.Hidden || rec.Header().Get("X-Sent") != veil.Hidden {
		t.Errorf("%d %q %v", rec.Code, rec.Body.String(), rec.Header())
	}
}
