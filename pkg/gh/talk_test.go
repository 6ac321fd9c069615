package gh_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/goingdark-social/bot/internal/githubtest"
	"github.com/goingdark-social/bot/pkg/gh"
)

// long is before everything that happens in these tests.
var long = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)

func TestSaid(t *testing.T) {
	t.Parallel()

	s := newStand(t)
	s.talk(t)
}

// talk is what people and the program say to each other; the real test holds
// it against GitHub's own description.
func (s *stand) talk(t *testing.T) {
	t.Helper()

	ctx := t.Context()

	number, err := s.hands().OpenIssue("alice", "How is it?", "text")
	check(t, err)
	check(t, s.hands().CommentAs(number, "alice", "/bot check"))

	_, err = s.client.Comment(ctx, repo, number, "an answer", "key")
	check(t, err)

	said, err := s.client.Said(ctx, repo, long)
	check(t, err)

	said = said[max(0, len(said)-2):]
	if len(said) != 2 || said[0].Author != "alice" || said[0].Ours || said[0].Number != number || !said[1].Ours {
		t.Fatalf("said: %+v", said)
	}

	for who, want := range map[string]bool{"alice": true, "example": true, "nobody-at-all": false} {
		if may, err := s.client.MayWrite(ctx, repo, who); err != nil || may != want {
			t.Errorf("%s may write: %v, %v", who, may, err)
		}
	}

	first, err := s.client.React(ctx, repo, said[0].ID, gh.Taken)
	check(t, err)

	again, err := s.client.React(ctx, repo, said[0].ID, gh.Taken)
	check(t, err)

	if !first || again {
		t.Errorf("the first reaction is new: %v, the second: %v", first, again)
	}

	// Another process found nothing said under the key.
	check(t, s.hands().CommentAs(number, "release-bot", s.hands().Comments(number)[1].Body))
	check(t, s.client.Once(ctx, repo, number, "key"))

	if left := s.hands().Comments(number); len(left) != 2 {
		t.Errorf("left: %+v", left)
	}

	if answered, err := s.client.Answered(ctx, repo, number, "key"); err != nil || !answered {
		t.Errorf("answered: %v, %v", answered, err)
	}
}

func TestAStrangersCommentIsNotOursByItsKey(t *testing.T) {
	t.Parallel()

	s := newStand(t)

	number, err := s.hands().OpenIssue("alice", "a", "b")
	check(t, err)

	_, err = s.client.Comment(t.Context(), repo, number, "ours", "key")
	check(t, err)
	check(t, s.hands().CommentAs(number, "mallory", s.hands().Comments(number)[0].Body))

	said, err := s.client.Said(t.Context(), repo, long)
	check(t, err)

	if !said[0].Ours || said[1].Ours {
		t.Errorf("said: %+v", said)
	}
}

func TestIssues(t *testing.T) {
	t.Parallel()

	s := newStand(t)
	s.keep(t)
}

// keep is one issue from its beginning to its end.
func (s *stand) keep(t *testing.T) {
	t.Helper()

	ctx := t.Context()

	opened, err := s.client.OpenIssue(ctx, repo, "Mastodon", "one", "bot-dashboard")
	check(t, err)

	rewritten, err := s.client.RewriteIssue(ctx, repo, opened.Number, "two")
	check(t, err)

	recent, err := s.client.Recent(ctx, repo)
	check(t, err)

	labelled, err := s.client.Labelled(ctx, repo, "bot-dashboard")
	check(t, err)

	if rewritten.Body != "two" || recent[0].Body != "two" || len(labelled) != 1 || labelled[0].Number != opened.Number {
		t.Errorf("rewritten %+v, recent %+v, labelled %+v", rewritten, recent, labelled)
	}

	if mine, err := s.client.Mine(ctx, recent[0]); err != nil || !mine {
		t.Errorf("mine: %v, %v", mine, err)
	}

	check(t, s.client.CloseIssue(ctx, repo, opened.Number))

	if read, err := s.client.Issue(ctx, repo, opened.Number); err != nil || read.State != "closed" {
		t.Errorf("read: %+v, %v", read, err)
	}

	check(t, s.hands().Transfer(opened.Number, "example/elsewhere"))

	_, err = s.client.Issue(ctx, repo, opened.Number)
	if _, gone := errors.AsType[*gh.GoneError](err); !gone {
		t.Errorf("a transferred issue: %v", err)
	}

	_, err = s.client.Issue(ctx, repo, 9999)
	if _, gone := errors.AsType[*gh.GoneError](err); !gone {
		t.Errorf("an issue that never was: %v", err)
	}
}

func TestARepositoryWithoutIssues(t *testing.T) {
	t.Parallel()

	s := newStand(t)
	s.AddRepository(githubtest.Repository{Name: repo, NoIssues: true})

	_, err := s.client.Recent(t.Context(), repo)
	if _, disabled := errors.AsType[*gh.DisabledError](err); !disabled {
		t.Errorf("recent: %v", err)
	}
}

// verdict is one with a finding on a line.
func verdict(sha string) gh.Verdict {
	return gh.Verdict{
		SHA: sha, Name: "bot drift", Conclusion: gh.Failure, Title: strings.Repeat("long ", 100), Summary: "summary", ID: "one",
		Annotations: []gh.Annotation{{Path: "k8s/web.yaml", Line: 12, Level: gh.FailureLevel, Title: "version-skew", Message: "web is on another release"}},
	}
}

func TestReport(t *testing.T) {
	t.Parallel()

	s := newStand(t)
	s.judge(t, false)

	s = newStand(t)
	s.judge(t, true)
}

// judge reports a verdict twice, and then another one.
func (s *stand) judge(t *testing.T, app bool) {
	t.Helper()

	const token = "ghs_installation"

	client := s.client

	if app {
		s.AddToken(githubtest.Token{Value: token, Login: "release-bot[bot]", App: true, Permissions: githubtest.Writer()})
		client = s.another(t, func(o *gh.Options) { o.Token = tokenOf(token) })
	}

	s.git.Push(repo, "feature")

	sha, _ := s.git.Branch(repo, "feature")
	v := verdict(sha)

	for i, want := range []bool{true, false, true} {
		if i == 2 {
			v.ID, v.Conclusion, v.Annotations, v.Title = "two", gh.Success, nil, "nothing new"
		}

		if changed, err := client.Report(t.Context(), repo, v); err != nil || changed != want {
			t.Fatalf("report %d: %v, %v", i, changed, err)
		}
	}

	found := s.hands().Reviewed(sha)
	if last := found[len(found)-1]; last.Conclusion != "success" || last.Status == app {
		t.Errorf("reported: %+v", found)
	}

	if app && cmp.Diff(found[0].Annotations, []githubtest.Annotation{
		{Path: "k8s/web.yaml", Start: 12, End: 12, Level: "failure", Message: "web is on another release", Title: "version-skew"},
	}) != "" {
		t.Errorf("annotated: %+v", found[0].Annotations)
	}
}

func TestProposals(t *testing.T) {
	t.Parallel()

	s := newStand(t)
	s.git.Push(repo, "feature")
	s.ensure(t, want(), gh.Opened)

	number, err := s.hands().OpenPR("alice", "feature", "main", "mine", "")
	check(t, err)

	fork, err := s.hands().OpenPR("mallory", "mallory:feature", "main", "hers", "")
	check(t, err)

	got, err := s.client.Proposals(t.Context(), repo, "main")
	check(t, err)

	if len(got) != 3 || got[0].Number != fork || !got[0].Fork || got[1].Number != number || got[1].Ours || !got[2].Ours {
		t.Errorf("proposals: %+v", got)
	}
}

func check(t *testing.T, err error) {
	t.Helper()

	if err != nil {
		t.Fatal(err)
	}
}
