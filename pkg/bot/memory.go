package bot

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/goingdark-social/bot/pkg/notify"
	"github.com/goingdark-social/bot/pkg/patch"
	"github.com/goingdark-social/bot/pkg/plan"
	"github.com/goingdark-social/bot/pkg/rollout"
	"github.com/goingdark-social/bot/pkg/version"
)

// stateVersion is the only format of the state document so far.
const stateVersion = 1

// state is the document kept for one application on the state ref: what git
// and GitHub cannot tell. Losing it costs repeated notifications.
type state struct {
	Version int `json:"version"`
	// On is the version last seen on the base branch, and since when.
	On    []string  `json:"on,omitempty"`
	Since time.Time `json:"since,omitzero"`
	// Incomplete tells when a release was first seen to lack something.
	Incomplete map[string]time.Time `json:"incomplete,omitempty"`
	// Ignored are the releases that a command told the bot to ignore.
	Ignored []string `json:"ignored,omitempty"`
	// Open are the pull requests last seen open, by track.
	Open map[string]openPullRequest `json:"open,omitempty"`
	// Held tells since when security releases are known to be held back.
	Held map[string]time.Time `json:"held,omitempty"`
	// Due is what the upgrades so far left to be done.
	Due *Due `json:"due,omitempty"`
	// Closed are the pull requests that people closed, by track.
	Closed map[string]int `json:"closed,omitempty"`
	// Digests are those behind the tags in use and proposed, when first seen.
	Digests map[string]seenDigest `json:"digests,omitempty"`
	// Findings are those of what is outside that are worth telling.
	Findings map[string]seenFinding `json:"findings,omitempty"`
	// Rollout is the last one that was followed; nil: none.
	Rollout *rollout.Rollout `json:"rollout,omitempty"`
	known
	// Ledger is what was told to whom.
	Ledger notify.Ledger `json:"ledger"`
}

type openPullRequest struct {
	Number int    `json:"number"`
	To     string `json:"to"`
	// Security is since when it mends a vulnerability; zero: it does not.
	Security time.Time `json:"security,omitzero"`
}

// memory is the state of one pass, and what GitHub remembers for it.
type memory struct {
	state

	read       []byte            // the document as it was
	was        string            // the version that the base has left since; "" where it has not moved
	open       []version.Version // proposed by open pull requests
	declined   []version.Version
	before     *plan.Stand
	repository string // that it is of; "": none
	room       int    // for further pull requests
	ended      bool   // what was due has been done in this pass
}

func statePath(application string) string { return "state/" + application + ".json" }

// parseState reads a state document; no document is an empty one.
func parseState(application string, data []byte) (state, error) {
	s := state{Version: stateVersion}

	if len(data) > 0 {
		if err := json.Unmarshal(data, &s); err != nil {
			return s, fmt.Errorf("reading the state of application %s (%s on the state ref): %w", application, statePath(application), err)
		}
	}

	if s.Version != stateVersion {
		return s, fmt.Errorf("the state of application %s has format %d and this program knows %d: a newer one wrote it",
			application, s.Version, stateVersion)
	}

	s.fill()

	return s, nil
}

func (s *state) fill() {
	if s.Incomplete == nil {
		s.Incomplete = map[string]time.Time{}
	}

	if s.Held == nil {
		s.Held = map[string]time.Time{}
	}

	if s.Open == nil {
		s.Open = map[string]openPullRequest{}
	}
}

func (s *state) bytes() ([]byte, error) {
	data, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("writing the state: %w", err)
	}

	return append(data, '\n'), nil
}

// merge takes over what another process wrote meanwhile: nothing that either
// has sent or ignored is forgotten, and the earlier of two first times holds.
func (s *state) merge(other state) {
	s.Ledger.Merge(other.Ledger)

	for v, at := range other.Incomplete {
		if mine, ok := s.Incomplete[v]; ok && at.Before(mine) {
			s.Incomplete[v] = at
		}
	}

	for v, at := range other.Held {
		if mine, ok := s.Held[v]; ok && at.Before(mine) {
			s.Held[v] = at
		}
	}

	s.Ignored = slices.Compact(slices.Sorted(slices.Values(append(s.Ignored, other.Ignored...))))
	s.mergeOutside(other)
}

// mergeOutside is merge for what is outside of the repository.
func (s *state) mergeOutside(other state) {
	for name, digest := range other.Digests {
		if mine, ok := s.Digests[name]; ok && digest.Since.Before(mine.Since) {
			s.Digests[name] = digest
		}
	}

	for key, f := range other.Findings {
		if mine, ok := s.Findings[key]; ok {
			mine.Told = mine.Told || f.Told
			s.Findings[key] = mine
		}
	}

	switch mine, theirs := s.Rollout, other.Rollout; {
	case theirs == nil || mine != nil && mine.PullRequest != theirs.PullRequest:
	case mine == nil || !theirs.Following():
		s.Rollout = theirs
	default:
		for cause, at := range theirs.Stuck {
			set(&mine.Stuck, cause, at)
		}
	}
}

// set writes to a map that may not be there yet.
func set[V any](m *map[string]V, key string, v V) {
	if *m == nil {
		*m = map[string]V{}
	}

	(*m)[key] = v
}

// stands notes which versions the base branch is on, and which one it left.
func (m *memory) stands(app patch.Application, now time.Time) {
	names := tagsOf(app.On)
	if app.Mixed || slices.Equal(names, m.On) {
		return
	}

	if len(m.On) == 1 {
		m.was = m.On[0]
	}

	m.On, m.Since = names, now
}

func (s *state) ignored() []version.Version { return parseAll(s.Ignored) }

func parseAll(tags []string) []version.Version {
	out := make([]version.Version, 0, len(tags))
	for _, tag := range tags {
		out = append(out, version.Parse(tag))
	}

	return out
}

// incomplete notes when each release was first seen to lack something and
// forgets the ones that no longer do. It returns those that have lacked it
// for longer than patience.
func (s *state) incomplete(held []plan.Held, now time.Time, patience time.Duration) []plan.Held {
	var late []plan.Held

	current := map[string]time.Time{}

	for _, h := range held {
		if h.Rule != plan.Incomplete {
			continue
		}

		key := h.Version.String()

		since, seen := s.Incomplete[key]
		if !seen {
			since = now
		}

		current[key] = since

		if now.Sub(since) > patience {
			late = append(late, h)
		}
	}

	s.Incomplete = maps.Clone(current)

	return late
}
