package fleet_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/goingdark-social/bot/pkg/config"
	"github.com/goingdark-social/bot/pkg/fleet"
)

// directory is a source in the test's hand.
type directory struct {
	mu       sync.Mutex
	accounts []fleet.Account
	lists    map[string][]string
	takes    map[string]bool
	broken   map[string]error // by account or repository; "" is the list of accounts
	asked    int
}

func (d *directory) Accounts(context.Context) ([]fleet.Account, error) {
	d.asked++

	return d.accounts, d.broken[""]
}

func (d *directory) Repositories(_ context.Context, a fleet.Account) ([]config.Repository, error) {
	var out []config.Repository
	for _, name := range d.lists[a.Name] {
		out = append(out, config.Repository{Name: name})
	}

	return out, d.broken[a.Name]
}

func (d *directory) Takes(_ context.Context, _ fleet.Account, r config.Repository) (bool, error) {
	d.mu.Lock()
	defer d.mu.Unlock()

	return d.takes[r.Name], d.broken[r.Name]
}

func names(members []fleet.Member) string {
	var out []string
	for _, m := range members {
		out = append(out, m.Account+":"+m.Name)
	}

	return strings.Join(out, " ")
}

func TestTheRosterOutlivesWhatBreaks(t *testing.T) {
	t.Parallel()

	now := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	down := errors.New("503")
	d := &directory{
		accounts: []fleet.Account{{Name: "a"}, {Name: "b"}, {Name: "c", Suspended: errors.New("c is suspended")}},
		lists:    map[string][]string{"a": {"a/1", "a/2", "a/3"}, "b": {"b/1"}, "c": {"c/1"}},
		takes:    map[string]bool{"a/1": true, "a/3": true, "b/1": true, "c/1": true},
		broken:   map[string]error{},
	}
	r := fleet.NewRoster(d, func() time.Time { return now })

	check := func(step, want string, wrong ...string) {
		t.Helper()

		members, errs := r.Members(t.Context())
		if got := names(members); got != want {
			t.Errorf("%s: members = %s, want %s", step, got, want)
		}

		if !slices.EqualFunc(errs, wrong, func(err error, want string) bool { return strings.Contains(err.Error(), want) }) {
			t.Errorf("%s: wrong = %v, want %v", step, errs, wrong)
		}
	}

	check("at first", "a:a/1 a:a/3 b:b/1", "c is suspended")

	d.lists["a"] = []string{"a/1", "a/2"}

	check("within the hour", "a:a/1 a:a/3 b:b/1", "c is suspended")

	if d.asked != 1 {
		t.Errorf("looked up %d times, want once", d.asked)
	}

	now = now.Add(time.Hour)
	check("a repository is gone", "a:a/1 b:b/1", "c is suspended")

	now = now.Add(time.Hour)
	d.broken["b"], d.broken["a/1"] = down, down
	check("what cannot be looked up stays", "a:a/1 b:b/1", "503", "looking up the repositories of b: 503", "c is suspended")

	now = now.Add(time.Hour)
	d.broken = map[string]error{"": down}
	check("nobody answers", "a:a/1 b:b/1", "looking up the installations: 503")

	d.broken = map[string]error{}
	d.accounts = d.accounts[:1]
	check("uninstalled", "a:a/1", "b is gone with its 1 repositories")

	d.takes["a/2"] = true
	r.Forget()
	check("told of a change", "a:a/1 a:a/2")
}
