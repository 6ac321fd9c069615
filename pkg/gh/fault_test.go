package gh_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/goingdark-social/bot/internal/githubtest"
	"github.com/goingdark-social/bot/pkg/gh"
)

// inBubble runs a test with a clock of its own: waits take no time.
func inBubble(t *testing.T, f func(t *testing.T, s *stand)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { f(t, newStand(t)) })
}

func TestASecondaryLimitIsWaitedForAndTheChangeMadeOnce(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stand) {
		limit := githubtest.SecondaryLimit(60)
		limit.Method, limit.Times = "POST", 2
		s.Inject(limit)

		start := time.Now()
		pr := s.ensure(t, want(), gh.Opened)

		if waited := time.Since(start); waited != 2*time.Minute {
			t.Errorf("waited %s, want twice a minute", waited)
		}

		if !strings.Contains(pr.Body, "Back up") || len(s.hands().Pulls()) != 1 {
			t.Errorf("the request's body was lost on the way: %+v", pr)
		}

		if !strings.Contains(s.log.String(), "waiting for GitHub's secondary rate limit") {
			t.Error("the wait is not in the log")
		}
	})
}

func TestLimitsThatAreTooLongAreReported(t *testing.T) {
	t.Parallel()

	for name, test := range map[string]struct {
		limit  func(*stand)
		after  time.Duration
		within time.Duration
	}{
		"secondary, an hour": {func(s *stand) { s.Inject(githubtest.SecondaryLimit(3600)) }, time.Hour, 0},
		"secondary, without end": {func(s *stand) {
			limit := githubtest.SecondaryLimit(1)
			limit.Times = 5
			s.Inject(limit)
		}, time.Minute, time.Minute},
		"secondary, a clock that is behind": {func(s *stand) {
			limit := githubtest.SecondaryLimit(0)
			limit.Times = 5
			limit.Header["X-Ratelimit-Reset"] = strconv.FormatInt(time.Now().Add(-time.Hour).Unix(), 10)
			s.Inject(limit)
		}, time.Minute, time.Minute},
		"secondary, no time named, twice": {func(s *stand) {
			limit := githubtest.SecondaryLimit(0)
			limit.Times = 2
			s.Inject(limit)
		}, time.Minute, 61 * time.Second},
		"primary, an hour": {func(s *stand) { s.Exhaust(secret, time.Hour) }, time.Hour, 0},
		"429": {func(s *stand) {
			s.Inject(githubtest.Fault{Status: 429, Header: map[string]string{"Retry-After": "600"}})
		}, 10 * time.Minute, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, s *stand) {
				test.limit(s)

				start := time.Now()
				_, err := s.client.Repository(t.Context(), repo)

				failed, ok := errors.AsType[*gh.Error](err)
				if !ok || !failed.Temporary || failed.RetryAfter != test.after {
					t.Errorf("err = %v (%+v), want to try again in %s", err, failed, test.after)
				}

				if waited := time.Since(start); waited > test.within {
					t.Errorf("waited %s", waited)
				}
			})
		})
	}
}

func TestAPrimaryLimitThatResetsSoonIsWaitedFor(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stand) {
		s.Exhaust(secret, 30*time.Second)

		start := time.Now()
		if _, err := s.client.Repository(t.Context(), repo); err != nil {
			t.Fatal(err)
		}

		if waited := time.Since(start); waited < 29*time.Second || waited > 31*time.Second {
			t.Errorf("waited %s", waited)
		}
	})
}

func TestWhatMayBeRepeatedIsRepeated(t *testing.T) {
	t.Parallel()

	for name, fault := range map[string]githubtest.Fault{
		"500": {Status: 500}, "502": {Status: 502, Type: "text/html", Body: "<html>"}, "503": {Status: 503, Header: map[string]string{"Retry-After": "20"}},
		"reset": {}, "cut": {Cut: true, After: true}, "HTML for JSON": {Status: 200, Type: "text/html", Body: "<html>maintenance</html>"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, s *stand) {
				fault.Method, fault.Times = "GET", 3
				s.Inject(fault)

				if _, err := s.client.Repository(t.Context(), repo); err != nil {
					t.Error(err)
				}

				if n := s.Count("GET", "/repos/*/*"); n != 4 {
					t.Errorf("%d requests, want 4", n)
				}
			})
		})
	}
}

func TestWhatDoesNotPassIsReported(t *testing.T) {
	t.Parallel()

	for name, test := range map[string]struct {
		fault     githubtest.Fault
		requests  int
		temporary bool
		message   string
	}{
		"500":               {githubtest.Fault{Status: 500, Times: 4}, 4, true, "500 Server Error"},
		"503 for long":      {githubtest.Fault{Status: 503, Header: map[string]string{"Retry-After": "3600"}}, 1, true, "try again in 1h0m0s"},
		"HTML":              {githubtest.Fault{Status: 200, Type: "text/html", Body: "<html>", Times: 4}, 4, true, `"text/html" where JSON was expected`},
		"not JSON":          {githubtest.Fault{Status: 200, Body: "{]"}, 1, true, "could not be read"},
		"another shape":     {githubtest.Fault{Status: 200, Body: `{"id":"x"}`}, 1, false, "could not be read"},
		"reset":             {githubtest.Fault{Times: 4}, 4, true, "connection reset by peer"},
		"a long error":      {githubtest.Fault{Status: 400, Body: `{"message":"` + strings.Repeat("x", 9000) + `"}`}, 1, false, "x…"},
		"control in errors": {githubtest.Fault{Status: 400, Body: `{"message":"a\u001b[31m\u202eb\nc"}`}, 1, false, "400 a[31mb c"},
		"gone elsewhere": {
			githubtest.Fault{Status: 301, Header: map[string]string{"Location": "https://evil.example/repos/x/y"}},
			1, false,
			"refused to be led from api.github.com to evil.example",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, s *stand) {
				s.Inject(test.fault)

				_, err := s.client.Repository(t.Context(), repo)

				failed, ok := errors.AsType[*gh.Error](err)
				if !ok || failed.Temporary != test.temporary || !strings.Contains(err.Error(), test.message) {
					t.Errorf("err = %v (%+v)", err, failed)
				}

				if n := s.Count("", ""); n != test.requests {
					t.Errorf("%d requests, want %d", n, test.requests)
				}

				if len(fmt.Sprint(err)) > 1000 {
					t.Errorf("the error is %d bytes long", len(err.Error()))
				}
			})
		})
	}
}

func TestAServerThatStallsEnds(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stand) {
		client := s.another(t, func(o *gh.Options) {
			o.Transport = transportFunc(func(req *http.Request) (*http.Response, error) {
				<-req.Context().Done()

				return nil, req.Context().Err()
			})
		})

		start := time.Now()

		_, err := client.Repository(t.Context(), repo)
		if failed, ok := errors.AsType[*gh.Error](err); !ok || !failed.Temporary || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("err = %v", err)
		}

		if waited := time.Since(start); waited > 3*time.Minute {
			t.Errorf("took %s", waited)
		}
	})
}

func TestPagesThatLoopEnd(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stand) {
		client := s.another(t, func(o *gh.Options) {
			o.Transport = transportFunc(func(req *http.Request) (*http.Response, error) {
				h := http.Header{"Content-Type": {"application/json"}}
				h.Set("Link", `<https://evil.example/repos/a/b/pulls?page=1>; rel="next"`)

				return &http.Response{StatusCode: http.StatusOK, Header: h, Body: io.NopCloser(strings.NewReader("[]")), Request: req}, nil
			})
		})

		_, err := client.PullRequests(t.Context(), repo, gh.Query{})
		if err == nil || !strings.Contains(err.Error(), "page 1 names page 1 as the next") {
			t.Errorf("err = %v", err)
		}
	})
}

func TestAnEndlessAnswerEnds(t *testing.T) {
	t.Parallel()

	s := newStand(t)
	client := s.another(t, func(o *gh.Options) {
		o.Transport = transportFunc(func(req *http.Request) (*http.Response, error) {
			h := http.Header{"Content-Type": {"application/json"}}

			return &http.Response{StatusCode: http.StatusOK, Header: h, Body: io.NopCloser(zeros{}), Request: req}, nil
		})
	})

	if _, err := client.Repository(t.Context(), repo); err == nil || !strings.Contains(err.Error(), "longer than 33554432 bytes") {
		t.Errorf("err = %v", err)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

func TestACallEndsWithItsContext(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *stand) {
		s.Inject(githubtest.SecondaryLimit(60))

		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()

		if _, err := s.client.Repository(ctx, repo); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("err = %v", err)
		}
	})
}
