package history_test

import (
	"fmt"
	"strings"

	"pgregory.net/rapid"

	"github.com/goingdark-social/bot/internal/githubtest"
	"github.com/goingdark-social/bot/pkg/effect"
	"github.com/goingdark-social/bot/pkg/gh"
	"github.com/goingdark-social/bot/pkg/version"
)

// holds is what the design promises at any time.
func (m *machine) holds(t *rapid.T) {
	m.oneATrack(t)
	m.lockStep(t)
	m.peopleFirst(t)
	m.toldOnce(t)
}

// open are the open pull requests of the program by branch.
func (m *machine) open(t *rapid.T) map[string]githubtest.Pull {
	out := map[string]githubtest.Pull{}

	for _, p := range m.People().Pulls() {
		if p.State != "open" {
			continue
		}

		if other, twice := out[p.Head.Ref]; twice {
			t.Fatalf("#%d and #%d are both open for %s", other.Number, p.Number, p.Head.Ref)
		}

		out[p.Head.Ref] = p
	}

	return out
}

func (m *machine) oneATrack(t *rapid.T) {
	tracks := map[string]int{}

	for _, p := range m.open(t) {
		marker, ok := gh.ParseMarker(p.Body)
		if !ok {
			t.Fatalf("#%d has no marker", p.Number)
		}

		if tracks[marker.Track]++; tracks[marker.Track] > 1 {
			t.Fatalf("two pull requests are open on track %s", marker.Track)
		}

		if m.no[marker.To] {
			t.Fatalf("#%d is open for %s, which a person declined; %s", p.Number, marker.To, m.pulls())
		}
	}
}

// pulls is every pull request, for a failure.
func (m *machine) pulls() string {
	var b strings.Builder

	for _, p := range m.People().Pulls() {
		marker, _ := gh.ParseMarker(p.Body)
		fmt.Fprintf(&b, "\n#%d %s merged=%t %s from %s to %s retired %q, people's %v", p.Number, p.State, p.Merged, p.Head.Ref, marker.From, marker.To, marker.Retired, m.theirs[p.Head.Ref])
	}

	return b.String()
}

// lockStep: each commit of the program moves all references to one release,
// and nothing else but versions.
func (m *machine) lockStep(t *rapid.T) {
	for _, branch := range m.ours() {
		commits, err := m.Git.Ahead(branch)
		must(t, err)

		ours := 0

		for _, c := range commits {
			if c.Author.Email != "bot@goingdark.social" {
				continue
			}

			if ours++; ours > 1 {
				t.Fatalf("%s has %d commits of the program", branch, ours)
			}

			m.oneRelease(t, branch, c.Hash.String(), c.ParentHashes[0].String())
		}
	}
}

func (m *machine) oneRelease(t *rapid.T, branch, commit, parent string) {
	after, err := m.Git.FilesAt(commit)
	must(t, err)

	before, err := m.Git.FilesAt(parent)
	must(t, err)

	versions := versionsIn(after["k8s/mastodon/mastodon.yaml"])
	if len(versions) != 1 {
		t.Fatalf("%s of %s has images of %v", commit, branch, versions)
	}

	for name, text := range after {
		was := strings.Split(before[name], "\n")

		is := strings.Split(text, "\n")
		if len(was) != len(is) {
			t.Fatalf("%s of %s changes the number of lines of %s", commit, branch, name)
		}

		for i := range is {
			if mask(was[i]) != mask(is[i]) {
				t.Fatalf("%s of %s makes %q of %q", commit, branch, is[i], was[i])
			}
		}
	}
}

// mask hides versions.
func mask(line string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return '0'
		}

		return r
	}, line)
}

// peopleFirst: what a person committed to a branch stays on it.
func (m *machine) peopleFirst(t *rapid.T) {
	for branch, theirs := range m.theirs {
		if m.Git.Head(branch) == "" {
			if !m.mergedAway(branch) {
				t.Fatalf("branch %s with a person's commit is gone", branch)
			}

			delete(m.theirs, branch)

			continue
		}

		for commit := range theirs {
			if !m.Git.Contains(branch, commit) && !m.mergedAway(branch) {
				t.Fatalf("%s lost the person's commit %s", branch, commit)
			}
		}
	}
}

// mergedAway tells that a person merged the branch, which ends its protection.
func (m *machine) mergedAway(branch string) bool {
	for _, p := range m.People().Pulls() {
		if p.Merged && p.Head.Ref == branch {
			return true
		}
	}

	return false
}

// toldOnce: a proposal is told once, and once more for each time that the
// program could not know whether it had been.
func (m *machine) toldOnce(t *rapid.T) {
	told := map[string]int{}

	for _, msg := range m.Slack.Messages() {
		if !strings.Contains(msg.Text, "is proposed") || msg.ThreadTS != "" {
			continue
		}

		if told[msg.Plain()]++; told[msg.Plain()] > 1+m.disturbed {
			t.Fatalf("told %d times with %d disturbances: %s", told[msg.Plain()], m.disturbed, msg.Text)
		}
	}
}

// settled is what the design promises once nothing happens any more.
func (m *machine) settled(t *rapid.T) {
	m.start(t)

	for range 3 {
		m.run(nil)
		m.holds(t)
	}

	if m.last != nil {
		t.Fatalf("nothing is wrong and a pass fails: %v", m.last)
	}

	recorder := effect.NewRecorder(nil)
	m.run(recorder)

	if log := recorder.Log(); len(log) > 0 {
		t.Fatalf("nothing has changed and a pass does %v", log)
	}

	m.noOrphans(t)
	m.noTwins(t)
	m.whatIsDue(t)
}

// noOrphans: each branch of the program has a reason to be there.
func (m *machine) noOrphans(t *rapid.T) {
	open := m.open(t)

	for _, branch := range m.ours() {
		if _, is := open[branch]; is || len(m.theirs[branch]) > 0 || m.closedByPerson(branch) {
			continue
		}

		t.Fatalf("branch %s is left behind", branch)
	}
}

// noTwins: one release has one pull request, unless a person's commit keeps
// the other one.
func (m *machine) noTwins(t *rapid.T) {
	by := map[string]int{}

	for branch, p := range m.open(t) {
		marker, _ := gh.ParseMarker(p.Body)
		if len(m.theirs[branch]) > 0 || m.onMain(t) == "" || m.mixed(t) {
			continue
		}

		if other := by[marker.To]; other > 0 {
			t.Fatalf("#%d and #%d both propose %s; %s", other, p.Number, marker.To, m.pulls())
		}

		by[marker.To] = p.Number
	}
}

// mixed tells that main's notes name another version than its manifests.
func (m *machine) mixed(t *rapid.T) bool {
	files, err := m.Git.Files("refs/heads/main")
	must(t, err)

	return !strings.Contains(files["docs/mastodon.md"], "run `"+m.onMain(t)+"`")
}

func (m *machine) closedByPerson(branch string) bool {
	for _, p := range m.People().Pulls() {
		marker, _ := gh.ParseMarker(p.Body)
		if p.Head.Ref == branch && p.State == "closed" && !p.Merged && marker.Retired == "" {
			return true
		}
	}

	return false
}

// whatIsDue: the patch track proposes the newest whole release of the line
// that nothing speaks against, and nothing else.
func (m *machine) whatIsDue(t *rapid.T) {
	const branch = "bot/mastodon/patch"

	on := m.onMain(t)
	if on == "" || m.policy != "" && m.policy != policies[0] || len(m.theirs[branch]) > 0 {
		return
	}

	want := m.newest(on)
	pull, is := m.open(t)[branch]
	marker, _ := gh.ParseMarker(pull.Body)

	switch {
	case want == "" && is && newer(marker.To, on):
		t.Fatalf("#%d proposes %s on %s, which nothing asks for", pull.Number, marker.To, on)
	case want != "" && !is:
		t.Fatalf("%s is not proposed on %s", want, on)
	case want != "" && marker.To != want:
		t.Fatalf("#%d proposes %s on %s instead of %s", pull.Number, marker.To, on, want)
	}
}

// newest is the release that the patch track should propose; "": none.
func (m *machine) newest(on string) string {
	found := ""

	for _, tag := range m.Releases.Tags(true) {
		if sameLine(tag, on) && newer(tag, on) {
			found = tag
		}
	}

	for no := range m.no {
		if found != "" && sameLine(no, on) && !newer(found, no) {
			return ""
		}
	}

	return found
}

func sameLine(x, y string) bool { return version.Parse(x).Line() == version.Parse(y).Line() }

func newer(x, y string) bool {
	order, ok := version.Compare(version.Parse(x), version.Parse(y))

	return ok && order > 0
}
