package history_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"pgregory.net/rapid"

	"github.com/goingdark-social/bot/internal/githubtest"
	"github.com/goingdark-social/bot/internal/memworld"
	"github.com/goingdark-social/bot/internal/slacktest"
	"github.com/goingdark-social/bot/pkg/effect"
	"github.com/goingdark-social/bot/pkg/gh"
)

func sorted(s []string) []string {
	slices.Sort(s)

	return s
}

// actions is what may happen, and after each of it what must hold.
func (m *machine) actions() map[string]func(*rapid.T) {
	return map[string]func(*rapid.T){
		"":                m.holds,
		"pass":            func(*rapid.T) { m.run(nil) },
		"pass again":      func(*rapid.T) { m.run(nil) },
		"restart":         m.start,
		"killed":          m.killed,
		"raced":           m.raced,
		"overtaken":       m.overtaken,
		"GitHub fails":    m.gitHubFails,
		"git fails":       m.gitFails,
		"Slack fails":     m.slackFails,
		"registry down":   m.registryDown,
		"time goes by":    func(t *rapid.T) { m.Pass(time.Duration(rapid.IntRange(1, 60).Draw(t, "hours")) * time.Hour) },
		"state lost":      func(*rapid.T) { m.Git.DeleteRef("refs/bot/state"); m.disturbed++ },
		"release":         m.release,
		"completed":       m.completed,
		"withdrawn":       m.withdrawn,
		"person commits":  m.personCommits,
		"person edits":    m.personEdits,
		"main moves":      m.mainMoves,
		"bumped by hand":  m.bumped,
		"policy":          m.changePolicy,
		"closed":          m.closed,
		"reopened":        m.reopened,
		"merged":          m.merged,
		"branch deleted":  m.branchDeleted,
		"somebody's own":  m.somebodys,
		"title rewritten": m.rewritten,
	}
}

// killed ends the program at an effect, and another one starts.
func (m *machine) killed(t *rapid.T) {
	number := rapid.IntRange(1, 8).Draw(t, "effect")
	point := rapid.SampledFrom([]effect.Point{effect.Before, effect.In, effect.After}).Draw(t, "point")
	stopper := effect.NewStopper(number, point, nil)

	m.run(stopper)

	if stopper.Stopped() {
		m.disturbed++
	}

	m.start(t)
}

// raced lets another process make a whole pass while this one is at an effect.
func (m *machine) raced(t *rapid.T) {
	other, err := m.Bot(nil)
	must(t, err)

	at, seen := rapid.IntRange(1, 6).Draw(t, "effect"), 0

	m.run(seamFunc(func(ctx context.Context, _ effect.Effect, f func(context.Context) error) error {
		if seen++; seen == at {
			m.disturbed++
			_, _ = m.Run(ctx, other) // whatever it comes to, this process goes on
		}

		return f(ctx)
	}))
}

// overtaken lets a person push to a branch in the moment before the program does, or deletes it.
func (m *machine) overtaken(t *rapid.T) {
	first := true

	m.run(seamFunc(func(ctx context.Context, e effect.Effect, f func(context.Context) error) error {
		if strings.HasPrefix(e.Kind, "git.") && first && m.Git.Head(e.Target) != "" {
			first = false
			m.disturbed++
			m.mine(t, e.Target, map[string]string{"overtaken.txt": m.Now().String()})
		}

		return f(ctx)
	}))
}

type seamFunc func(context.Context, effect.Effect, func(context.Context) error) error

func (s seamFunc) Do(ctx context.Context, e effect.Effect, f func(context.Context) error) error {
	return s(ctx, e, f)
}

func (m *machine) gitHubFails(t *rapid.T) {
	fault := rapid.SampledFrom([]githubtest.Fault{
		{Status: http.StatusUnauthorized, Times: 30},
		{Method: http.MethodPost, Status: http.StatusBadGateway},
		{Method: http.MethodPost, Status: http.StatusBadGateway, After: true},
		{Method: http.MethodPost},
		{Method: http.MethodPost, After: true},
		{Method: http.MethodPost, After: true, Cut: true},
		{Method: http.MethodPatch, Status: http.StatusForbidden},
		{Method: http.MethodGet, Status: http.StatusForbidden},
	}).Draw(t, "fault")

	m.GitHub.Inject(fault)
	m.run(nil)
	m.GitHub.Mend()
	m.disturbed++
}

func (m *machine) gitFails(t *rapid.T) {
	at := rapid.IntRange(1, 12).Draw(t, "request")
	times := rapid.IntRange(1, 4).Draw(t, "times")
	trouble := rapid.SampledFrom([]memworld.Trouble{memworld.Refused, memworld.Lost}).Draw(t, "trouble")
	seen := 0

	m.Trouble = func(*http.Request) memworld.Trouble {
		if seen++; seen >= at && seen < at+times {
			return trouble
		}

		return memworld.Fine
	}
	m.run(nil)
	m.Trouble = nil
	m.disturbed++
}

func (m *machine) slackFails(t *rapid.T) {
	m.Slack.Fail(rapid.SampledFrom([]slacktest.Fault{
		{Status: http.StatusServiceUnavailable, Times: 3}, {Drop: true}, {Drop: true, Late: true}, slacktest.Refused("chat.postMessage", "channel_not_found"),
	}).Draw(t, "fault"))
	m.run(nil)
	m.Slack.Mend()
	m.disturbed++
}

func (m *machine) registryDown(*rapid.T) {
	m.Releases.Down(true)
	m.run(nil)
	m.Releases.Down(false)
}

func (m *machine) release(t *rapid.T) {
	if len(m.pool) == 0 {
		t.Skip("all are released")
	}

	i := rapid.IntRange(0, len(m.pool)-1).Draw(t, "which")
	m.Releases.Publish(m.pool[i], rapid.Bool().Draw(t, "streaming too"), m.Now().Add(-1000*time.Hour))
	m.pool = slices.Delete(m.pool, i, i+1)
}

func (m *machine) completed(*rapid.T) {
	for _, tag := range m.Releases.Tags(false) {
		m.Releases.Publish(tag, true, m.Now().Add(-1000*time.Hour))
	}
}

func (m *machine) withdrawn(t *rapid.T) {
	m.Releases.Withdraw(rapid.SampledFrom(append(m.Releases.Tags(false), "v0.0.0")).Draw(t, "which"))
}

func (m *machine) personCommits(t *rapid.T) {
	branches := m.ours()
	if len(branches) == 0 {
		t.Skip("there is no branch")
	}

	m.mine(t, rapid.SampledFrom(branches).Draw(t, "branch"), map[string]string{"note.txt": m.Now().String()})
}

// personEdits lets a person change the very manifest on the program's branch.
func (m *machine) personEdits(t *rapid.T) {
	branches := m.ours()
	if len(branches) == 0 {
		t.Skip("there is no branch")
	}

	branch := rapid.SampledFrom(branches).Draw(t, "branch")
	files, err := m.Git.Files("refs/heads/" + branch)
	must(t, err)

	const manifest = "k8s/mastodon/mastodon.yaml"

	m.mine(t, branch, map[string]string{manifest: files[manifest] + "# by hand\n"})
}

func (m *machine) mine(t *rapid.T, branch string, files map[string]string) {
	must(t, m.Git.Commit(branch, "Ada", "ada@example.org", "mine", files))

	if m.theirs[branch] == nil {
		m.theirs[branch] = map[string]bool{}
	}

	m.theirs[branch][m.Git.Head(branch)] = true
}

// somebodys is a branch of the program's name that a person made.
func (m *machine) somebodys(t *rapid.T) {
	branch := gh.Branch("mastodon", rapid.SampledFrom([]string{"patch", "minor"}).Draw(t, "track"))
	if m.Git.Head(branch) != "" {
		t.Skip("it exists")
	}

	m.mine(t, branch, m.standard)
}

func (m *machine) mainMoves(t *rapid.T) {
	must(t, m.Git.Commit("main", "Ada", "ada@example.org", "else", map[string]string{"other.txt": m.Now().String() + m.Git.Head("main")}))
}

// bumped is a person who moves main by hand.
func (m *machine) bumped(t *rapid.T) {
	to := rapid.SampledFrom([]string{"v4.4.3", "v4.4.4", "v4.4.5", "v4.5.0"}).Draw(t, "to")
	files := map[string]string{}

	for name, text := range m.standard {
		files[name] = strings.ReplaceAll(text, "v4.4.3", to)
	}

	if rapid.IntRange(0, 4).Draw(t, "half") == 0 {
		delete(files, "docs/mastodon.md") // as people do
	}

	must(t, m.Git.Commit("main", "Ada", "ada@example.org", "by hand", files))
}

var policies = []string{
	"version: 1\n",
	"version: 1\napplications: [{name: mastodon, ignore: [v4.4.5]}]\n",
	"version: 1\napplications: [{name: mastodon, allow: \"<4.5.0\"}]\n",
	"version: 1\napplications: [{name: mastodon, tracks: [patch]}]\n",
	"version: 1\napplications: [{name: mastodon, freeze: {until: 2026-12-01, reason: moving}}]\n",
	"version: 1\napplications: [{name: mastodon, pullRequest: {labels: [mastodon], rebase: always}}]\n",
}

func (m *machine) changePolicy(t *rapid.T) {
	m.policy = rapid.SampledFrom(policies).Draw(t, "policy")
	must(t, m.Git.Commit("main", "Ada", "ada@example.org", "policy", map[string]string{"bot.yaml": m.policy}))
}

// one is a pull request in a state.
func (m *machine) one(t *rapid.T, state string) githubtest.Pull {
	all := slices.DeleteFunc(m.People().Pulls(), func(p githubtest.Pull) bool { return p.State != state || p.Merged })
	if len(all) == 0 {
		t.Skip("there is none")
	}

	return all[rapid.IntRange(0, len(all)-1).Draw(t, "pull request")]
}

func (m *machine) closed(t *rapid.T) {
	p := m.one(t, "open")
	must(t, m.People().ClosePR(p.Number, memworld.Maintainer))
	m.declined(t, p)
}

// declined notes that a person said no to a release, unless another open pull
// request proposes it too: then they may have meant that one is enough.
func (m *machine) declined(t *rapid.T, p githubtest.Pull) {
	no, ok := gh.ParseMarker(p.Body)

	for _, other := range m.open(t) {
		marker, _ := gh.ParseMarker(other.Body)
		ok = ok && (other.Number == p.Number || marker.To != no.To)
	}

	if ok {
		m.no[no.To] = true
	}
}

func (m *machine) reopened(t *rapid.T) {
	p := m.one(t, "closed")
	if m.Git.Head(p.Head.Ref) == "" || slices.ContainsFunc(m.People().Pulls(), func(o githubtest.Pull) bool { return o.State == "open" && o.Head.Ref == p.Head.Ref }) {
		t.Skip("GitHub has no such button then")
	}

	must(t, m.People().Reopen(p.Number, memworld.Maintainer))

	if marker, ok := gh.ParseMarker(p.Body); ok {
		delete(m.no, marker.To)
	}
}

func (m *machine) merged(t *rapid.T) {
	p := m.one(t, "open")
	if m.Git.Head(p.Head.Ref) == "" {
		t.Skip("its branch is gone")
	}

	method := rapid.SampledFrom([]string{"merge", "squash"}).Draw(t, "method")
	if err := m.People().Merge(p.Number, method, memworld.Maintainer); err != nil {
		t.Skip("GitHub shows a conflict")
	}
}

func (m *machine) branchDeleted(t *rapid.T) {
	branches := m.ours()
	if len(branches) == 0 {
		t.Skip("there is no branch")
	}

	branch := rapid.SampledFrom(branches).Draw(t, "branch")

	// GitHub closes the pull request of a branch that goes.
	m.declined(t, m.open(t)[branch])

	m.Git.DeleteRef("refs/heads/" + branch)
	delete(m.theirs, branch)
}

func (m *machine) rewritten(t *rapid.T) {
	p := m.one(t, "open")
	must(t, m.People().Edit(p.Number, "a better title", ""))
}
