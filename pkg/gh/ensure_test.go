package gh_test

import (
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goingdark-social/bot/internal/githubtest"
	"github.com/goingdark-social/bot/pkg/effect"
	"github.com/goingdark-social/bot/pkg/gh"
)

func TestEnsuringTwiceIsOne(t *testing.T) {
	t.Parallel()

	s := newStand(t)
	opened := s.ensure(t, want(), gh.Opened)

	if got := s.kinds(); got != "create-pull-request add-labels request-reviewers add-assignees" {
		t.Errorf("effects = %s", got)
	}

	if got := s.recorder.Log()[0].Target; got != "example/gitops bot/mastodon/patch → main" {
		t.Errorf("target = %s", got)
	}

	if got := s.recorder.Log()[2].Target; got != "example/gitops#1 alice, example/ops" {
		t.Errorf("target = %s", got)
	}

	s.Forget()

	again := s.ensure(t, want(), gh.Unchanged)
	opened.UpdatedAt = again.UpdatedAt

	if diff := cmp.Diff(opened, again); diff != "" {
		t.Errorf("the second is another one: %s", diff)
	}

	if s.Count("", "") != 1 || s.Count("GET", "/repos/example/gitops/pulls") != 1 {
		t.Errorf("an unchanged Ensure costs one request, not %v", s.Requests())
	}

	pulls := s.hands().Pulls()
	if len(pulls) != 1 {
		t.Fatalf("%d pull requests, want one", len(pulls))
	}

	p := pulls[0]
	if p.Title != "Mastodon v4.4.4" || !strings.HasPrefix(p.Body, "## Steps\n\n1. Back up.\n\n<!-- bot:pull-request {") {
		t.Errorf("pull request = %q %q", p.Title, p.Body)
	}

	if diff := cmp.Diff([][]string{{"mastodon"}, {"alice"}, {"ops"}, {"carol"}}, [][]string{p.Labels, p.Reviewers, p.Teams, p.Assignees}); diff != "" {
		t.Error(diff)
	}
}

func TestANewerReleaseRetargetsTheSameOne(t *testing.T) {
	t.Parallel()

	s := newStand(t)
	s.ensure(t, want(), gh.Opened)
	s.git.Push(repo, "develop")

	newer := want()
	newer.Title, newer.Body, newer.Base = "Mastodon v4.4.5", "## Other steps", "develop"
	newer.Marker.To = "v4.4.5"
	newer.Labels = append(newer.Labels, "security")

	pr := s.ensure(t, newer, gh.Updated)
	if pr.Number != 1 || pr.Base.Ref != "develop" || pr.Marker.To != "v4.4.5" || len(pr.Labels) != 2 {
		t.Errorf("pull request = %+v", pr)
	}

	if got := s.Count("PATCH", "/repos/example/gitops/pulls/1"); got != 1 {
		t.Errorf("%d updates for what one can say", got)
	}

	s.ensure(t, newer, gh.Unchanged)
}

func TestPeoplesEditsAreLeftAloneUntilThereIsNews(t *testing.T) {
	t.Parallel()

	s := newStand(t)
	pr := s.ensure(t, want(), gh.Opened)

	edited := "Note to self: ring Bob.\n\n" + pr.Body + "\n\nAnd below the marker."
	if err := s.hands().Edit(1, "Mastodon v4.4.4 [wait for Bob]", edited); err != nil {
		t.Fatal(err)
	}

	kept := s.ensure(t, want(), gh.Unchanged)
	if !strings.Contains(kept.Body, "ring Bob") || kept.Title != "Mastodon v4.4.4 [wait for Bob]" {
		t.Errorf("a person's edit was lost: %q %q", kept.Title, kept.Body)
	}

	if kept.Marker != pr.Marker {
		t.Errorf("marker = %+v, want %+v", kept.Marker, pr.Marker)
	}

	news := want()
	news.Body = "## Steps\n\n1. Back up twice.\n"

	if pr := s.ensure(t, news, gh.Updated); strings.Contains(pr.Body, "Bob") || pr.Title != news.Title {
		t.Errorf("news did not replace the text: %q", pr.Body)
	}

	if err := s.hands().Edit(1, "", "marker and all are gone"); err != nil {
		t.Fatal(err)
	}

	s.ensure(t, news, gh.Updated)
}

func TestWhatPeopleAddStaysAndWhatTheyRemoveIsNotAskedAgain(t *testing.T) {
	t.Parallel()

	s := newStand(t)
	s.ensure(t, want(), gh.Opened)

	hands := s.hands()
	for _, err := range []error{
		hands.AddLabel(1, "hold", "alice"),
		hands.RemoveLabel(1, "mastodon", "alice"),
		hands.Review(1, "alice"),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}

	pr := s.ensure(t, want(), gh.Unchanged)
	if diff := cmp.Diff([]string{"hold"}, pr.Labels); diff != "" {
		t.Error(diff)
	}

	if p := hands.Pulls()[0]; len(p.Reviewers) != 0 {
		t.Errorf("alice was asked again: %v", p.Reviewers)
	}
}

func TestConcurrentRunsEndInOne(t *testing.T) {
	t.Parallel()

	s := newStand(t)

	var group sync.WaitGroup

	errs := make([]error, 8)

	for i := range errs {
		client := s.another(t, nil)

		group.Go(func() { _, _, errs[i] = client.Ensure(t.Context(), repo, want()) })
	}

	group.Wait()

	if err := errors.Join(errs...); err != nil {
		t.Error(err)
	}

	if pulls := s.hands().Pulls(); len(pulls) != 1 || len(pulls[0].Labels) != 1 {
		t.Errorf("pull requests = %+v, want one", pulls)
	}
}

func TestALostAnswerIsFoundAgain(t *testing.T) {
	t.Parallel()

	for name, fault := range map[string]githubtest.Fault{
		"reset": {}, "cut": {Cut: true}, "502": {Status: 502},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			s := newStand(t)
			fault.Method, fault.Path, fault.After = "POST", "/repos/*/*/pulls", true
			s.Inject(fault)

			_, _, err := s.client.Ensure(t.Context(), repo, want())
			if failed, ok := errors.AsType[*gh.Error](err); !ok || !failed.Temporary {
				t.Fatalf("err = %v, want a temporary *Error", err)
			}

			s.ensure(t, want(), gh.Updated) // labels and the rest
			s.ensure(t, want(), gh.Unchanged)

			if pulls := s.hands().Pulls(); len(pulls) != 1 {
				t.Errorf("%d pull requests", len(pulls))
			}
		})
	}
}

func TestStoppedAtEveryEffectTheNextRunConverges(t *testing.T) {
	t.Parallel()

	undisturbed := newStand(t)
	undisturbed.ensure(t, want(), gh.Opened)
	expected := undisturbed.hands().Pulls()

	for number := 1; number <= len(undisturbed.recorder.Log()); number++ {
		for _, point := range []effect.Point{effect.Before, effect.In, effect.After} {
			s := newStand(t)
			stopped := s.another(t, func(o *gh.Options) { o.Seam = effect.NewStopper(number, point, nil) })

			if _, _, err := stopped.Ensure(t.Context(), repo, want()); !errors.Is(err, effect.ErrStopped) {
				t.Fatalf("%s %d: err = %v, want ErrStopped", point, number, err)
			}

			if _, _, err := s.client.Ensure(t.Context(), repo, want()); err != nil {
				t.Fatalf("%s %d: %v", point, number, err)
			}

			ignoreSHA := cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".SHA" }, cmp.Ignore())
			if diff := cmp.Diff(expected, s.hands().Pulls(), ignoreSHA); diff != "" {
				t.Errorf("%s %d: %s", point, number, diff)
			}
		}
	}
}

func TestRunsThatDisagreeAboutTheBaseEndInOne(t *testing.T) {
	t.Parallel()

	s := newStand(t)
	s.git.Push(repo, "develop")
	pr := s.ensure(t, want(), gh.Opened)

	if _, err := s.hands().OpenPR("release-bot", head, "develop", pr.Title, pr.Body); err != nil {
		t.Fatal(err)
	}

	if _, err := s.hands().OpenPR("carol", head, "develop", "mine", "a person's own"); err != nil {
		t.Fatal(err)
	}

	s.ensure(t, want(), gh.Unchanged)

	states := []string{}
	for _, p := range s.hands().Pulls() {
		states = append(states, p.Author+" "+p.State)
	}

	if diff := cmp.Diff([]string{"release-bot open", "release-bot closed", "carol open"}, states); diff != "" {
		t.Error(diff)
	}
}

func TestWhatCannotBeAskedForIsSaidAndTheRestDone(t *testing.T) {
	t.Parallel()

	s := newStand(t)
	w := want()
	w.Reviewers, w.Assignees = []string{"release-bot", "mallory"}, []string{"carol", "mallory"}

	pr, action, err := s.client.Ensure(t.Context(), repo, w)
	if err == nil || pr.Number != 1 || action != gh.Opened {
		t.Fatalf("pr = %+v, action %s, err = %v", pr, action, err)
	}

	for _, part := range []string{"Reviews may only be requested from collaborators", "mallory cannot be assigned"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%q is not in %v", part, err)
		}
	}

	if p := s.hands().Pulls()[0]; len(p.Labels) != 1 || len(p.Assignees) != 1 {
		t.Errorf("the rest was not done: %+v", p)
	}
}

func TestNamesAreComparedWhole(t *testing.T) {
	t.Parallel()

	s := newStand(t)
	w := want()
	w.Labels = []string{"area/mastodon", "Mastodon", "mastodon"}
	w.Reviewers = []string{"EXAMPLE/Ops"}

	if pr := s.ensure(t, w, gh.Opened); len(pr.Labels) != 2 {
		t.Errorf("labels = %v", pr.Labels)
	}

	s.ensure(t, w, gh.Unchanged)

	w.Reviewers = []string{"other/ops"}
	if _, _, err := s.client.Ensure(t.Context(), repo, w); err == nil || !strings.Contains(err.Error(), "other/ops is no team of example") {
		t.Errorf("err = %v", err)
	}
}

func TestARenamedRepositoryIsWrittenTo(t *testing.T) {
	t.Parallel()

	s := newStand(t)
	s.Rename(repo, "example/infra")

	for _, branch := range []string{"main", head} {
		s.git.Push("example/infra", branch)
	}

	s.ensure(t, want(), gh.Opened)
	s.ensure(t, want(), gh.Unchanged)

	if pulls := s.In("example/infra").Pulls(); len(pulls) != 1 || !strings.Contains(pulls[0].Body, "Back up") {
		t.Errorf("pull requests = %+v", pulls)
	}
}

func TestWantsThatCannotBe(t *testing.T) {
	t.Parallel()

	for name, change := range map[string]func(*gh.Want){
		"the branch \"bot/other/patch\" is not": func(w *gh.Want) { w.Head = "bot/other/patch" },
		"a title is one line":                   func(w *gh.Want) { w.Title = "a\nb" },
		"and may have 65535":                    func(w *gh.Want) { w.Body = strings.Repeat("x", gh.MaxBody) },
		"leaves a code fence open":              func(w *gh.Want) { w.Body = "```yaml\nimage:" },
	} {
		s := newStand(t)
		w := want()
		change(&w)

		_, _, err := s.client.Ensure(t.Context(), repo, w)
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("err = %v, want %s", err, name)
		}

		if n := s.Count("", ""); n != 0 {
			t.Errorf("%s: %d requests were sent", name, n)
		}
	}
}

func TestGitHubsRefusalsAreSaid(t *testing.T) {
	t.Parallel()

	for name, change := range map[string]func(*stand, *gh.Want){
		"head is invalid": func(s *stand, _ *gh.Want) { s.git.Delete(repo, head) },
		"base is invalid": func(_ *stand, w *gh.Want) { w.Base = "trunk" },
		"Draft pull requests are not supported in this repository.": func(s *stand, w *gh.Want) {
			w.Draft = true
			s.AddRepository(githubtest.Repository{Name: repo, NoDrafts: true})
		},
		"Repository was archived so is read-only.": func(s *stand, _ *gh.Want) {
			s.AddRepository(githubtest.Repository{Name: repo, Archived: true})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			s := newStand(t)
			w := want()
			change(s, &w)

			_, _, err := s.client.Ensure(t.Context(), repo, w)
			failed, ok := errors.AsType[*gh.Error](err)

			if !ok || failed.Temporary || !strings.Contains(err.Error(), name) {
				t.Errorf("err = %v, want %s", err, name)
			}
		})
	}
}
