package bot

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/goingdark-social/bot/pkg/drift"
	"github.com/goingdark-social/bot/pkg/version"
)

// seenDigest is what stood behind a tag when it was first seen.
type seenDigest struct {
	Digest string    `json:"digest"`
	Since  time.Time `json:"since"`
}

// seenImages is what the registry said of the images in use.
type seenImages struct{ published *drift.Published }

// published asks the registry about the images in use. A process that stays
// looks at them in every other pass, and at a release that it may propose in
// the passes between: that keeps a pass at a few requests.
func (b *Bot) published(ctx context.Context, s *site, in *drift.Input) {
	images, ok := b.registry.(Images)
	if !ok {
		return
	}

	key := s.name + " " + in.Application.Name + fmt.Sprint(in.Used())

	if last, ok := get(b.kept, b.kept.images, key); ok && b.turn(s.name, in.Application.Name)%2 == 1 {
		in.Outside.Registry = last.copy()

		return
	}

	found, err := publishedIn(ctx, images, in)
	if err != nil {
		b.Log.WarnContext(ctx, "the registry could not be asked", "repository", s.name, "application", in.Application.Name, "error", err)

		return
	}

	in.Outside.Registry = found
	put(b.kept, b.kept.images, key, seenImages{found})
}

func (s seenImages) copy() *drift.Published {
	c := *s.published
	c.Images = append([]drift.PublishedImage{}, c.Images...)

	return &c
}

// turn counts the passes that a process has made over an application.
func (b *Bot) turn(repository, application string) int {
	n, _ := get(b.kept, b.kept.turns, repository+" "+application)

	return n
}

func (b *Bot) turned(repository, application string) {
	put(b.kept, b.kept.turns, repository+" "+application, b.turn(repository, application)+1)
}

// firstSeen notes the digests behind the tags in use and proposed, and tells
// the checks which they were when they were first seen. Tags that are neither
// any more are forgotten.
func (m *memory) firstSeen(in *drift.Input, o *Outlook, now time.Time) {
	if in.Outside.Registry == nil {
		return
	}

	before := m.Digests
	m.Digests = map[string]seenDigest{}

	note := func(name, digest string) seenDigest {
		seen, ok := before[name]
		if !ok {
			seen = seenDigest{digest, now}
		}

		m.Digests[name] = seen

		return seen
	}

	for i := range in.Outside.Registry.Images {
		p := &in.Outside.Registry.Images[i]
		if p.Tag == "" || !version.ParseSuffixed(p.Tag, in.Application.Family.TagSuffix).Fixed() {
			continue
		}

		if seen, ok := before[p.Image+":"+p.Tag]; p.Points == "" && ok {
			m.Digests[p.Image+":"+p.Tag] = seen // it is gone, and may come back as another
		}

		if p.Points != "" {
			seen := note(p.Image+":"+p.Tag, p.Points)
			p.First, p.Seen = seen.Digest, seen.Since
		}
	}

	if o == nil {
		return
	}

	for _, p := range o.Decision.Proposals {
		for _, i := range o.Releases[p.To.String()].Images {
			note(i.Name+":"+i.Tag, i.Digest)
		}
	}
}

// sum is a short name for a list.
func sum(parts []string) string {
	h := sha256.Sum256([]byte(strings.Join(parts, "\n")))

	return hex.EncodeToString(h[:8])
}
