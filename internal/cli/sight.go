package cli

import (
	"sync"
	"time"

	"github.com/goingdark-social/bot/pkg/bot"
	"github.com/goingdark-social/bot/pkg/registry"
)

// sight is what all repositories see of the registry for a while: a tag list,
// a manifest and an image's config are asked for once, however many of them
// want to know.
type sight struct {
	images *registry.Client
	now    func() time.Time

	mu   sync.Mutex
	view *registry.Client
	at   time.Time
}

// sharp is how long one view is given to repositories that begin. A pass over
// one repository keeps the view that it began with.
const sharp = time.Minute

// look is the view of now.
func (s *sight) look() bot.Registry {
	s.mu.Lock()
	defer s.mu.Unlock()

	if now := s.now(); s.view == nil || now.Sub(s.at) >= sharp {
		s.view, s.at = s.images.Pass(), now
	}

	return s.view
}

// renew makes the next look a new one.
func (s *sight) renew() {
	if s == nil {
		return
	}

	s.mu.Lock()
	defer s.mu.Unlock()

	s.view = nil
}
