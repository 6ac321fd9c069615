package gh_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goingdark-social/bot/pkg/gh"
)

func numbers(prs []gh.PullRequest) []int {
	list := []int{}
	for _, pr := range prs {
		list = append(list, pr.Number)
	}

	return list
}

func (s *stand) list(t *testing.T, q gh.Query) []gh.PullRequest {
	t.Helper()

	prs, err := s.client.PullRequests(t.Context(), repo, q)
	if err != nil {
		t.Fatal(err)
	}

	return prs
}

func TestOnlyOursAreListed(t *testing.T) {
	t.Parallel()

	s := newStand(t)
	marker := gh.Marker{Application: "mastodon", Track: "patch", To: "v4.4.4"}.String()
	minor := gh.Marker{Application: "mastodon", Track: "minor"}.String()

	for _, branch := range []string{"feature", "bot/mastodon/minor"} {
		s.git.Push(repo, branch)
	}

	for _, pr := range [][3]string{
		{head, "ours\n\n" + marker, "1: ours"},
		{"feature", marker, "2: a person's branch with our marker"},
		{"mallory:" + head, marker, "3: a fork's branch of our name"},
		{"bot/mastodon/minor", "no marker", "4: a person's pull request from our branch"},
		{"bot/mastodon/minor", marker, "5: the marker of another track"},
		{"bot/mastodon/minor", minor, "6: ours"},
		{head, "> quoted\n> " + marker, "7: a marker in a quote"},
		{head, "```\n" + marker + "\n```", "8: a marker in a code block"},
	} {
		if _, err := s.hands().OpenPR("carol", pr[0], "main", pr[2], pr[1]); err != nil {
			t.Fatal(err)
		}
	}

	for q, expected := range map[gh.Query][]int{
		{}:                        {6, 1},
		{Application: "mastodon"}: {6, 1},
		{Application: "mastodon", Track: "patch"}:                {1},
		{Application: "mastodon", Track: "minor", State: "open"}: {6},
		{Track: "minor"}:       {6},
		{Application: "other"}: {},
		{State: "closed"}:      {},
	} {
		if diff := cmp.Diff(expected, numbers(s.list(t, q))); diff != "" {
			t.Errorf("%+v: %s", q, diff)
		}
	}
}

func TestWhoClosedIsToldAndAskedOnce(t *testing.T) {
	t.Parallel()

	s := newStand(t)
	hands := s.hands()

	s.ensure(t, want(), gh.Opened)

	if err := hands.ClosePR(1, "carol"); err != nil {
		t.Fatal(err)
	}

	s.ensure(t, want(), gh.Opened)

	if err := hands.Merge(2, "squash", "alice"); err != nil {
		t.Fatal(err)
	}

	s.Forget()

	q := gh.Query{Application: "mastodon", Track: "patch"}
	for range 3 {
		prs := s.list(t, q)
		if len(prs) != 2 {
			t.Fatalf("%d pull requests", len(prs))
		}

		merged, closed := prs[0], prs[1]
		if !merged.Merged || merged.MergedAt.IsZero() || merged.State != "closed" {
			t.Errorf("merged = %+v", merged)
		}

		other, err := s.client.ClosedByOther(t.Context(), repo, closed)
		if err != nil || !other || closed.Merged || closed.ClosedAt.IsZero() {
			t.Errorf("closed = %+v, by somebody else: %t, %v", closed, other, err)
		}
	}

	if n := s.Count("GET", "/repos/*/*/issues/1"); n != 1 {
		t.Errorf("asked %d times who closed it", n)
	}

	last := s.Requests()
	if got := last[len(last)-1].Status; got != 304 {
		t.Errorf("an unchanged listing was answered %d", got)
	}
}

func TestAnUnchangedPassCostsThreeRequestsAllAnswered304(t *testing.T) {
	t.Parallel()

	s := newStand(t)
	s.ensure(t, want(), gh.Opened)

	pass := func() {
		if _, err := s.client.Repository(t.Context(), repo); err != nil {
			t.Fatal(err)
		}

		s.list(t, gh.Query{Application: "mastodon", Track: "patch"})
		s.list(t, gh.Query{Application: "mastodon", Track: "minor"})
	}

	pass()
	s.Forget()
	pass()

	statuses := []int{}
	for _, r := range s.Requests() {
		statuses = append(statuses, r.Status)
	}

	if diff := cmp.Diff([]int{304, 304, 304}, statuses); diff != "" {
		t.Error(diff)
	}
}

func TestEveryPageIsRead(t *testing.T) {
	t.Parallel()

	s := newStand(t)

	for i := range 250 {
		branch := fmt.Sprintf("bot/app%d/patch", i)
		body := gh.Marker{Application: fmt.Sprintf("app%d", i), Track: "patch"}.String()
		s.git.Push(repo, branch)

		if _, err := s.hands().OpenPR("release-bot", branch, "main", "x", body); err != nil {
			t.Fatal(err)
		}
	}

	if prs := s.list(t, gh.Query{State: "open"}); len(prs) != 250 || prs[0].Number != 250 || prs[249].Number != 1 {
		t.Errorf("%d pull requests", len(prs))
	}

	if n := s.Count("", ""); n != 3 {
		t.Errorf("%d requests for 250 of 100 a page", n)
	}
}
