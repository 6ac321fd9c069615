package gh_test

import (
	"testing"
	"time"

	"github.com/goingdark-social/bot/internal/githubtest"
	"github.com/goingdark-social/bot/pkg/gh"
)

func TestTheBudgetIsWhatTheLastAnswerSaid(t *testing.T) {
	t.Parallel()

	s := newStand(t)
	if b := s.client.Budget(); b != (gh.Budget{}) {
		t.Errorf("before anything was asked: %+v", b)
	}

	for range 3 { // the second and third are confirmed, which costs nothing
		if _, err := s.client.Repository(t.Context(), repo); err != nil {
			t.Fatal(err)
		}
	}

	if b := s.client.Budget(); b.Limit != 5000 || b.Remaining != 4999 || time.Until(b.Reset) < 59*time.Minute {
		t.Errorf("after three questions: %+v", b)
	}
}

func TestASecondaryLimitIsNoBudgetUntilItEnds(t *testing.T) {
	t.Parallel()

	s := newStand(t)
	s.Inject(githubtest.SecondaryLimit(600))

	if _, err := s.client.Repository(t.Context(), repo); err == nil {
		t.Fatal("the limit was not met")
	}

	if b := s.client.Budget(); b.Remaining != 0 || time.Until(b.Reset) < 9*time.Minute {
		t.Errorf("budget = %+v, want none for ten minutes", b)
	}
}
