package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/goingdark-social/bot/pkg/bot"
	"github.com/goingdark-social/bot/pkg/patch"
	"github.com/goingdark-social/bot/pkg/upstream"
	"github.com/goingdark-social/bot/pkg/upstream/facts"
	"github.com/goingdark-social/bot/pkg/version"
)

// library answers with the facts of releases: those inside this program, or
// else those of the source. Each is found once; what was not found is looked
// for again after a while.
type library struct {
	// source is read for every release; nil: the program's own facts come
	// first and the policy's source second.
	source upstream.Source
	// offline keeps it from asking anybody else.
	offline bool
	client  *http.Client
	// cache keeps what was read from a source, by commit.
	cache upstream.Cache
	// revision finds the commit that a nightly was built from.
	revision func(ctx context.Context, source string, v version.Version) (string, error)
	now      func() time.Time

	mu       sync.Mutex
	known    map[string]*facts.Facts
	outlines map[string]*facts.Facts
	origins  map[string]*origin
	shelf    facts.Shelf
}

// upstream is what is known of releases without being told where to look.
func (p *Program) upstream(offline bool) (bot.Upstream, error) { return p.upstreamAt("", offline) }

// upstreamAt reads the source at spec, a URL, a repository or a tarball.
func (p *Program) upstreamAt(spec string, offline bool) (bot.Upstream, error) {
	l := &library{
		offline: offline, known: map[string]*facts.Facts{}, outlines: map[string]*facts.Facts{}, origins: map[string]*origin{},
		client:   &http.Client{Transport: p.Transport, Timeout: 2 * time.Minute},
		cache:    upstream.Cache{Dir: p.cacheDir("facts")},
		revision: p.revision,
		now:      p.Now,
	}

	if spec == "" {
		return l, nil
	}

	var err error
	if l.source, err = upstream.Open(spec, upstream.Options{Client: l.client}); err != nil {
		return nil, fmt.Errorf("--upstream: %w", err)
	}

	return l, nil
}

// Facts are those of a release; nil when nobody has them.
func (l *library) Facts(ctx context.Context, source string, v version.Version) (*facts.Facts, error) {
	if f, settled, err := l.here(source, v); settled {
		return f, err
	}

	return l.origin(source).ask(ctx, v, l.now, func(ctx context.Context) (*facts.Facts, error) {
		return l.fetch(ctx, source, v)
	})
}

// Outline is Facts, without the long lists where the facts are inside this
// program: a pass asks it of every release above the one in use.
func (l *library) Outline(ctx context.Context, source string, v version.Version) (*facts.Facts, error) {
	if f, settled, err := l.outlined(source, v); settled {
		return f, err
	}

	return l.Facts(ctx, source, v)
}

func (l *library) outlined(source string, v version.Version) (f *facts.Facts, settled bool, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()

	if !l.shipped(source) {
		return nil, false, nil
	}

	if f, ok := l.known[v.String()]; ok {
		return f, true, nil
	}

	if f, ok := l.outlines[v.String()]; ok {
		return f, true, nil
	}

	f, err = facts.EmbeddedOutline(v)
	if _, unknown := errors.AsType[*facts.NotShippedError](err); unknown {
		return nil, false, nil
	}

	if err == nil {
		l.outlines[v.String()] = f
	}

	return f, true, err
}

// expect begins to read the facts of a release that will be asked for, if they
// are inside this program: a reading of the tree takes as long.
func (l *library) expect(ctx context.Context, v version.Version) {
	if l.shipped("") {
		go func() { _, _ = l.Facts(ctx, "", v) }() // who asks is told
	}
}

// shipped tells whether the facts inside this program speak for a source.
func (l *library) shipped(source string) bool {
	return l.source == nil && (source == "" || source == upstream.DefaultSpec)
}

// here finds a release inside this program. It is settled that nobody has the
// facts where nobody else may be asked.
func (l *library) here(source string, v version.Version) (f *facts.Facts, settled bool, err error) {
	if !l.shipped(source) {
		return nil, l.source == nil && l.offline, nil
	}

	l.mu.Lock()
	defer l.mu.Unlock()

	if f, ok := l.known[v.String()]; ok {
		return f, true, nil
	}

	f, err = l.shelf.Embedded(v)
	if _, unknown := errors.AsType[*facts.NotShippedError](err); unknown {
		return nil, l.offline, nil
	}

	if err == nil {
		l.known[v.String()] = f
	}

	return f, true, err
}

// origin is what is known of a source.
func (l *library) origin(source string) *origin {
	if source == "" {
		source = upstream.DefaultSpec
	}

	l.mu.Lock()
	defer l.mu.Unlock()

	o := l.origins[source]
	if o == nil {
		o = newOrigin()
		l.origins[source] = o
	}

	return o
}

func (l *library) fetch(ctx context.Context, source string, v version.Version) (*facts.Facts, error) {
	if l.source != nil {
		return l.read(ctx, l.source, v)
	}

	src, err := upstream.Open(source, upstream.Options{Client: l.client})
	if err != nil {
		return nil, err
	}

	return l.read(ctx, src, v)
}

// read reads a release. One that the source does not have is unknown, which
// is no error: a fork publishes before it tags.
func (l *library) read(ctx context.Context, src upstream.Source, v version.Version) (*facts.Facts, error) {
	name := v.String()

	if v.Kind() == version.Nightly {
		if l.offline {
			return nil, nil
		}

		revision, err := l.revision(ctx, src.String(), v)
		if err != nil || revision == "" {
			return nil, err
		}

		name += "@" + revision
	}

	f, err := l.cache.Read(ctx, src, name)
	if _, unknown := errors.AsType[*upstream.NotFoundError](err); unknown {
		return nil, nil
	}

	return f, err
}

// revision asks the registry which commit a nightly's web image was built
// from; "" when the image does not say.
func (p *Program) revision(ctx context.Context, source string, v version.Version) (string, error) {
	client, err := p.registryClient(slog.New(slog.DiscardHandler))
	if err != nil {
		return "", err
	}

	families := patch.BuiltIn()
	web := families[0].Web

	if strings.Contains(source, "mastodon/mastodon") && !strings.Contains(source, "glitch-soc") {
		web = families[1].Web
	}

	image, err := client.Image(ctx, web, v.Tag())
	if err != nil {
		return "", fmt.Errorf("finding the commit of %s: %w", v, err)
	}

	for _, platform := range image.Platforms {
		if platform.Revision != "" {
			return platform.Revision, nil
		}
	}

	return "", nil
}

// cacheDir is a folder of ours below the user's cache; "" where there is none.
func (p *Program) cacheDir(name string) string {
	base := p.Getenv("XDG_CACHE_HOME")
	if base == "" && p.Getenv("HOME") != "" {
		base = filepath.Join(p.Getenv("HOME"), ".cache")
	}

	if base == "" {
		return ""
	}

	return filepath.Join(base, "goingdark-bot", name)
}
