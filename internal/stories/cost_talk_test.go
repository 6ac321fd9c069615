package stories_test

import (
	"testing"
	"time"

	"github.com/goingdark-social/bot/internal/registrytest"
	"github.com/goingdark-social/bot/internal/world"
	"github.com/goingdark-social/bot/pkg/bot"
)

// TestCostOfListening: that people can talk to the program, that it keeps a
// dashboard and judges pull requests costs an unchanged pass nothing beyond
// the three requests that it has.
func TestCostOfListening(t *testing.T) {
	t.Parallel()

	now := midday
	w, b := staying(t, &now)
	b.Talk = bot.Talk{Comments: true, Dashboard: true, Review: true}
	f := registrytest.GlitchSoc()

	w.Registry.AnnounceRelease(f, "v4.4.3", now.Add(-1000*time.Hour))
	w.Registry.AnnounceRelease(f, "v4.4.5", now.Add(-1000*time.Hour))
	w.Registry.AnnounceRelease(f, "v4.5.1", now.Add(-1000*time.Hour))

	person(t, w, map[string]string{"README.md": "hello"})

	hands := w.GitHub.In(world.Repository)
	if _, err := hands.OpenPR(world.Maintainer, "main", "main", "A change of mine", ""); err != nil {
		t.Fatal(err)
	}

	for n := range 4 {
		pass(t, b)

		now = now.Add(30 * time.Minute)

		if n == 0 {
			if err := hands.CommentAs(2, world.Maintainer, "/bot check"); err != nil {
				t.Fatal(err)
			}
		}
	}

	if issues := hands.Issues(); len(issues) != 1 {
		t.Fatalf("%d issues, want the dashboard", len(issues))
	}

	if said := hands.Comments(2); len(said) < 2 {
		t.Fatalf("the command was not answered: %v", said)
	}

	for range 4 {
		w.GitHub.Forget()
		w.Registry.Forget()
		w.Git.Forget()

		now = now.Add(30 * time.Minute)
		pass(t, b)

		confirmed(t, w)
		frugal(t, w)
	}
}
