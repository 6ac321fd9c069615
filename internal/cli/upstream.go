package cli

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/goingdark-social/bot/pkg/bot"
	"github.com/goingdark-social/bot/pkg/upstream"
	"github.com/goingdark-social/bot/pkg/upstream/facts"
	"github.com/goingdark-social/bot/pkg/version"
)

// library answers with the facts of releases: those inside this program, or
// else those of the source. Each is found once.
type library struct {
	// source is read for every release; nil: the program's own facts come
	// first and the policy's source second.
	source upstream.Source
	// offline keeps it from asking anybody else.
	offline bool
	client  *http.Client

	mu    sync.Mutex
	known map[string]*facts.Facts
}

// upstream is what is known of releases without being told where to look.
func (p *Program) upstream(offline bool) (bot.Upstream, error) { return p.upstreamAt("", offline) }

// upstreamAt reads the source at spec, a URL, a repository or a tarball.
func (p *Program) upstreamAt(spec string, offline bool) (bot.Upstream, error) {
	l := &library{
		offline: offline, known: map[string]*facts.Facts{},
		client: &http.Client{Transport: p.Transport, Timeout: 2 * time.Minute},
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
	l.mu.Lock()
	defer l.mu.Unlock()

	key := source + " " + v.String()
	if f, ok := l.known[key]; ok {
		return f, nil
	}

	f, err := l.find(ctx, source, v)
	if err == nil {
		l.known[key] = f
	}

	return f, err
}

func (l *library) find(ctx context.Context, source string, v version.Version) (*facts.Facts, error) {
	if l.source != nil {
		return l.read(ctx, l.source, v)
	}

	if source == "" || source == upstream.DefaultSpec {
		f, err := facts.Embedded(v)
		if _, unknown := errors.AsType[*facts.NotShippedError](err); !unknown {
			return f, err
		}
	}

	if l.offline {
		return nil, nil
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
	f, err := upstream.Read(ctx, src, v.String())
	if _, unknown := errors.AsType[*upstream.NotFoundError](err); unknown {
		return nil, nil
	}

	return f, err
}
