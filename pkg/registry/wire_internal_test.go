package registry

import (
	"context"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

type answers []*http.Response

func (a *answers) RoundTrip(*http.Request) (*http.Response, error) {
	next := (*a)[0]
	*a = (*a)[1:]

	return next, nil
}

func status(code int, retryAfter string) *http.Response {
	return &http.Response{StatusCode: code, Header: http.Header{"Retry-After": {retryAfter}}, Body: io.NopCloser(strings.NewReader(""))}
}

// TestWaits checks how long is waited between attempts, without waiting.
func TestWaits(t *testing.T) {
	t.Parallel()

	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for name, c := range map[string]struct {
		header string
		least  []time.Duration
		exact  bool
	}{
		"seconds":  {"7", []time.Duration{7 * time.Second, 7 * time.Second, 7 * time.Second}, true},
		"a date":   {now.Add(9 * time.Second).Format(http.TimeFormat), []time.Duration{9 * time.Second, 9 * time.Second, 9 * time.Second}, true},
		"nothing":  {"", []time.Duration{500 * time.Millisecond, time.Second, 2 * time.Second}, false},
		"nonsense": {"-5", []time.Duration{500 * time.Millisecond, time.Second, 2 * time.Second}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			w, waited := sleepless(t, now, &answers{status(429, c.header), status(503, c.header), status(500, c.header), status(200, "")})
			resp, err := w.RoundTrip(get(t))
			if err != nil {
				t.Fatal(err)
			}

			defer resp.Body.Close()

			for at, want := range c.least {
				got := (*waited)[at]
				if c.exact && got != want || !c.exact && (got < want/2 || got > want) {
					t.Errorf("pause %d is %s, want %s", at, got, want)
				}
			}
		})
	}
}

func sleepless(t *testing.T, now time.Time, transport http.RoundTripper) (*wire, *[]time.Duration) {
	t.Helper()

	o, err := Options{Transport: transport, Now: func() time.Time { return now }}.withDefaults()
	if err != nil {
		t.Fatal(err)
	}

	waited := &[]time.Duration{}
	w := newWire(o)
	w.sleep = func(_ context.Context, d time.Duration) error {
		*waited = append(*waited, d)

		return nil
	}

	return w, waited
}

func get(t *testing.T) *http.Request {
	t.Helper()

	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://ghcr.io/v2/", nil)
	if err != nil {
		t.Fatal(err)
	}

	return r
}

func TestOnlyWhatIsSafeIsRepeated(t *testing.T) {
	t.Parallel()

	w, waited := sleepless(t, time.Now(), &answers{status(500, "")})
	r := get(t)
	r.Method = http.MethodPost

	resp, err := w.RoundTrip(r)
	if err == nil {
		resp.Body.Close()
		t.Error("a failed POST succeeds")
	}

	if len(*waited) != 0 {
		t.Error("a POST was repeated")
	}
}

func TestNoPauseBeyondTheDeadline(t *testing.T) {
	t.Parallel()

	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()

	w, waited := sleepless(t, time.Now(), &answers{status(429, "5")})

	resp, err := w.RoundTrip(get(t).WithContext(ctx))
	if err == nil {
		resp.Body.Close()
	}

	if f, ok := err.(*failure); !ok || f.retryAfter != 5*time.Second || len(*waited) != 0 { //nolint:errorlint // the very value is wanted
		t.Errorf("%v after pauses %v", err, *waited)
	}
}

func TestRetryAfter(t *testing.T) {
	t.Parallel()

	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for value, want := range map[string]time.Duration{
		"0": 0, "30": 30 * time.Second, "4294967295": maxRetryAfter, "Fri, 02 Jan 2026 03:05:05 GMT": time.Minute,
		"Fri, 02 Jan 2099 03:05:05 GMT": maxRetryAfter, "Wed, 21 Oct 2015 07:28:00 GMT": 0,
	} {
		if got, ok := retryAfter(value, now); !ok || got != want {
			t.Errorf("%q: %s %v, want %s", value, got, ok, want)
		}
	}

	for _, value := range []string{"", "-1", "soon", "1.5", "99999999999999999999"} {
		if got, ok := retryAfter(value, now); ok {
			t.Errorf("%q: %s, want nothing", value, got)
		}
	}
}

func TestNextLinks(t *testing.T) {
	t.Parallel()

	for _, c := range []struct {
		headers []string
		want    []string
	}{
		{nil, nil},
		{[]string{`</v2/a/b/tags/list?last=v1&n=0>; rel="next"`}, []string{"/v2/a/b/tags/list?last=v1&n=0"}},
		{[]string{`</x>; rel=next`}, []string{"/x"}},
		{[]string{`</x>; Rel = "prev next"`}, []string{"/x"}},
		{[]string{`</x>; rel="prev"`}, nil},
		{[]string{`</x>; rel="prev", </y>; rel="next"`}, []string{"/y"}},
		{[]string{`</x>; rel="first"`, `</y>; rel="next"`}, []string{"/y"}},
		{[]string{`</x>`}, []string{"/x"}},
		{[]string{`<>; rel="next"`, `</x; rel="next"`, `junk`, ``, `><`}, nil},
	} {
		if got := nextLinks(c.headers); !slices.Equal(got, c.want) {
			t.Errorf("%q: %q, want %q", c.headers, got, c.want)
		}
	}
}

func TestCacheKeepsWhatWasUsedLast(t *testing.T) {
	t.Parallel()

	c := newCache[int](2)
	c.put("a", 1)
	c.put("b", 2)
	c.get("a")
	c.put("c", 3)
	c.put("c", 4)
	c.drop("nothing")

	if _, ok := c.get("b"); ok {
		t.Error("b is still there")
	}

	if a, _ := c.get("a"); a != 1 {
		t.Error("a is not")
	}

	if v, _ := c.get("c"); v != 4 || len(c.entries) != 2 || c.order.Len() != 2 {
		t.Errorf("c is %d, %d entries", v, len(c.entries))
	}
}
