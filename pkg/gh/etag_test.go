package gh_test

import (
	"context"
	"slices"
	"testing"

	"github.com/goingdark-social/bot/internal/githubtest"
	"github.com/goingdark-social/bot/pkg/gh"
)

// statuses are those of the requests since the last time.
func (s *stand) statuses() []int {
	var out []int
	for _, r := range s.Requests() {
		out = append(out, r.Status)
	}

	s.Forget()

	return out
}

// TestARenewedTokenKeepsWhatIsKnown: the ETag of an answer hangs on the token,
// which an App has anew each hour. What did not change is confirmed all the
// same, again with the token after that, and what did is seen.
func TestARenewedTokenKeepsWhatIsKnown(t *testing.T) {
	t.Parallel()

	s := newStand(t)
	now := ""
	client := s.another(t, func(o *gh.Options) {
		o.Token = func(context.Context) (string, error) { return now, nil }
	})

	renew := func(value string) {
		now = value
		s.AddToken(githubtest.Token{Value: value, Login: "release-bot[bot]", Permissions: githubtest.Writer(), App: true})
	}
	read := func() {
		t.Helper()

		if _, err := client.Repository(t.Context(), repo); err != nil {
			t.Fatal(err)
		}
	}

	for _, step := range []struct {
		token  string
		status int
	}{
		{"ghs_first", 200}, {"ghs_first", 304}, {"ghs_second", 304}, {"ghs_second", 304}, {"ghs_third", 304},
	} {
		renew(step.token)
		read()

		if got := s.statuses(); !slices.Equal(got, []int{step.status}) {
			t.Errorf("with %s: answered %v, want %d", step.token, got, step.status)
		}
	}
}

// TestATokenSeesOnlyWhatItMay: an answer that one token received is given to
// another only if GitHub says the same to that.
func TestATokenSeesOnlyWhatItMay(t *testing.T) {
	t.Parallel()

	s := newStand(t)
	now := secret
	client := s.another(t, func(o *gh.Options) {
		o.Token = func(context.Context) (string, error) { return now, nil }
	})

	if _, err := client.Repository(t.Context(), repo); err != nil {
		t.Fatal(err)
	}

	s.AddToken(githubtest.Token{Value: "ghs_other", Login: "other[bot]", Repositories: []string{"example/other"}, App: true})

	now = "ghs_other"
	if found, err := client.Repository(t.Context(), repo); err == nil {
		t.Errorf("a token without access was given %+v", found)
	}
}
