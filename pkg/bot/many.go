package bot

import (
	"strings"
	"time"

	"github.com/goingdark-social/bot/pkg/drift"
	"github.com/goingdark-social/bot/pkg/patch"
)

// mostInputs is how many trees are kept as they were read to be judged: each
// takes a megabyte, and reading it again costs computing and no request.
const mostInputs = 16

// keepInput keeps an input, and few of them; none among many repositories,
// whose trees are judged anew only once they have moved or an hour has passed.
func (b *Bot) keepInput(key string, seen seenInput) {
	if b.Many {
		return
	}

	b.kept.mu.Lock()
	defer b.kept.mu.Unlock()

	if len(b.kept.inputs) >= mostInputs {
		clear(b.kept.inputs)
	}

	b.kept.inputs[key] = seen
}

// still is what was found in a tree that has not moved since.
type still struct {
	key      string
	findings []drift.Finding
	at       time.Time
}

// resting is how long what was found in a tree stands among many repositories
// while neither it nor what exists has changed, and nothing else is read.
const resting = time.Hour

// unmoved is what was found in an application's tree last, where it need not be
// looked for again: see Options.Many.
func (b *Bot) unmoved(s *site, app patch.Application, m *memory, o *Outlook) (still, bool) {
	if !b.Many || b.Live != nil || b.Database != nil || m.Rollout.Following() {
		return still{}, false
	}

	known, ok := get(b.kept, b.kept.still, s.name+" "+app.Name)

	return known, ok && known.key == stillKey(s, o) && b.Now().Sub(known.at) < resting
}

// settle notes what was found.
func (b *Bot) settle(s *site, app patch.Application, out *ApplicationResult) {
	if b.Many {
		put(b.kept, b.kept.still, s.name+" "+app.Name, still{stillKey(s, out.Outlook), out.Findings, out.Judged})
	}
}

// stillKey tells one tree, and one list of releases, from another.
func stillKey(s *site, o *Outlook) string {
	parts := []string{s.branch, s.base.Hash()}
	if o != nil && len(o.Listed) > 0 {
		parts = append(parts, o.Listed[len(o.Listed)-1].String())
	}

	return strings.Join(parts, " ")
}
