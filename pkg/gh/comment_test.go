package gh_test

import (
	"strings"
	"testing"

	"github.com/goingdark-social/bot/internal/githubtest"
	"github.com/goingdark-social/bot/pkg/gh"
)

func TestTheSameKeyIsSaidOnce(t *testing.T) {
	t.Parallel()

	s := newStand(t)
	s.ensure(t, want(), gh.Opened)

	say := func(client *gh.Client, body, key string) string {
		t.Helper()

		url, err := client.Comment(t.Context(), repo, 1, body, key)
		if err != nil {
			t.Fatal(err)
		}

		return url
	}

	first := say(s.client, "Merged.", "merged/v4.4.4")
	if second := say(s.another(t, nil), "Merged, again.", "merged/v4.4.4"); second != first || first == "" {
		t.Errorf("URLs %q and %q", first, second)
	}

	say(s.client, "Other.", "merged/v4.4.5")

	comments := s.hands().Comments(1)
	if len(comments) != 2 || comments[0].Body != "Merged.\n\n"+`<!-- bot:comment {"key":"merged/v4.4.4"} -->` {
		t.Errorf("comments = %+v", comments)
	}
}

func TestAStrangerCannotSilenceUs(t *testing.T) {
	t.Parallel()

	for name, token := range map[string]githubtest.Token{
		"user": {Value: "t", Login: "release-bot", Permissions: githubtest.Writer()},
		"app":  {Value: "t", Login: "release[bot]", App: true, Permissions: githubtest.Writer()},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			s := newStand(t)
			s.AddToken(token)
			s.options.Token = tokenOf("t")
			client := s.another(t, nil)

			if _, err := s.hands().OpenPR("carol", "x", "main", "x", "x"); err != nil {
				t.Fatal(err)
			}

			if err := s.hands().CommentAs(1, "mallory", `<!-- bot:comment {"key":"k"} -->`); err != nil {
				t.Fatal(err)
			}

			for range 2 {
				if _, err := client.Comment(t.Context(), repo, 1, "Hello.", "k"); err != nil {
					t.Fatal(err)
				}
			}

			if n := len(s.hands().Comments(1)); n != 2 {
				t.Errorf("%d comments, want mallory's and one of ours", n)
			}

			if n := s.Count("GET", "/user"); n != 1 {
				t.Errorf("asked %d times who we are", n)
			}
		})
	}
}

func TestCommentsThatCannotBe(t *testing.T) {
	t.Parallel()

	s := newStand(t)

	for part, args := range map[string][2]string{
		"needs a key":              {"hello", ""},
		"may have 65535":           {strings.Repeat("x", gh.MaxBody), "k"},
		"leaves a code fence open": {"```\nhello", "k"},
		"key is too long":          {"hello", strings.Repeat("k", 5000)},
	} {
		if _, err := s.client.Comment(t.Context(), repo, 1, args[0], args[1]); err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("err = %v, want %s", err, part)
		}
	}
}

func TestClosingTwiceIsOne(t *testing.T) {
	t.Parallel()

	s := newStand(t)
	s.ensure(t, want(), gh.Opened)

	for range 2 {
		if err := s.client.Close(t.Context(), repo, 1); err != nil {
			t.Fatal(err)
		}
	}

	if p := s.hands().Pulls()[0]; p.State != "closed" || p.ClosedBy != "release-bot" {
		t.Errorf("pull request = %+v", p)
	}

	if n := strings.Count(s.kinds(), "close-pull-request"); n != 1 {
		t.Errorf("closed %d times", n)
	}
}
