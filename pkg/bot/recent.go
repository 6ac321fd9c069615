package bot

import (
	"slices"

	"github.com/goingdark-social/bot/pkg/gh"
)

// listedPulls are the pull requests of an application as they were listed at a
// glimpse of the repository.
type listedPulls struct {
	glimpse string
	all     []gh.PullRequest
}

// listed are the pull requests that an earlier pass of this process listed,
// where a glance shows that nothing has changed since.
func (b *Bot) listed(s *site, application string) ([]gh.PullRequest, bool) {
	known, ok := get(b.kept, b.kept.pulls, s.name+" "+application)
	if !ok || s.glimpse == "" || known.glimpse != s.glimpse {
		return nil, false
	}

	return slices.Clone(known.all), true
}

// noteListed remembers what was listed. A pass changes its own copy.
func (b *Bot) noteListed(s *site, application string, all []gh.PullRequest) {
	if s.glimpse != "" {
		put(b.kept, b.kept.pulls, s.name+" "+application, listedPulls{s.glimpse, slices.Clone(all)})
	}
}
