package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/goingdark-social/bot/pkg/drift"
	"github.com/goingdark-social/bot/pkg/registry"
	"github.com/goingdark-social/bot/pkg/upstream"
	"github.com/goingdark-social/bot/pkg/version"
)

// Live reads what runs, with rights that cannot write.
type Live interface {
	// Read gives the live objects of an application; nil without an error:
	// nobody knows where it runs.
	Read(ctx context.Context, repository, application string, kinds []drift.LiveKind) (*drift.Live, error)
	// Log is the end of what a container of a pod wrote, as it stands there.
	Log(ctx context.Context, repository, application, namespace, pod, container string) (string, error)
}

// Database reads what a Mastodon's database says of itself.
type Database interface {
	// Read gives nil without an error where an application has no database
	// that anybody knows.
	Read(ctx context.Context, repository, application string) (*drift.Database, error)
}

// Updates is upstream's update check. [*upstream.Advisories] is one.
type Updates interface {
	Updates(ctx context.Context, v version.Version) (upstream.Updates, error)
}

// Images looks at single images and releases. [*registry.Client] is one.
type Images interface {
	Image(ctx context.Context, image, reference string) (registry.Image, error)
	Inspect(ctx context.Context, family registry.Family, v version.Version, platforms []string) (registry.Release, error)
}

// Outside asks what a tree cannot tell. What is nil is not asked.
type Outside struct {
	Registry Images
	Updates  Updates
	Live     Live
	Database Database
	// Log receives what could not be asked and ends nothing.
	Log *slog.Logger
}

// Fill adds to an input what its checks need. A registry or an update check
// that can't be asked is told to the log; a cluster or a database that can't
// is an error, after all others were asked.
func (o Outside) Fill(ctx context.Context, repository string, in *drift.Input, checks []drift.Check) error {
	needed := map[drift.Needs]bool{}
	for _, c := range checks {
		needed[c.Needs] = true
	}

	name := in.Application.Name

	if o.Registry != nil && needed[drift.Registry] {
		found, err := publishedIn(ctx, o.Registry, in)
		if err != nil {
			o.Log.WarnContext(ctx, "the registry could not be asked", "application", name, "error", err)
		} else {
			in.Outside.Registry = found
		}
	}

	if needed[drift.Dates] {
		o.support(ctx, in)
	}

	var dark error

	if o.Database != nil && needed[drift.Rows] {
		if in.Outside.Database, dark = o.Database.Read(ctx, repository, name); dark != nil {
			dark = fmt.Errorf("application %s: %w", name, dark)
		}
	}

	if o.Live != nil && needed[drift.Cluster] {
		dark = errors.Join(dark, o.live(ctx, repository, in))
	}

	return dark
}

// liveWithin is how long the cluster may take for one application, whatever is
// read of it.
const liveWithin = time.Minute

// live reads the application's objects, and then those of the engines that
// own them.
func (o Outside) live(ctx context.Context, repository string, in *drift.Input) error {
	ctx, cancel := context.WithTimeout(ctx, liveWithin)
	defer cancel()

	name := in.Application.Name

	found, err := o.Live.Read(ctx, repository, name, in.Kinds())
	if err != nil {
		return fmt.Errorf("application %s: %w", name, err)
	}

	if found == nil {
		return nil
	}

	o.unread(ctx, name, found.Unread)
	in.Outside.Cluster = found

	kinds := in.EngineKinds()
	if len(kinds) == 0 {
		return nil
	}

	engines, err := o.Live.Read(ctx, repository, name, kinds)
	if err != nil {
		return fmt.Errorf("application %s: %w", name, err)
	}

	o.unread(ctx, name, engines.Unread)
	found.Engines = engines.Objects

	return nil
}

func (o Outside) unread(ctx context.Context, application string, list []drift.Unread) {
	for _, u := range list {
		o.Log.WarnContext(ctx, "a kind of object could not be read", "application", application, "kind", u.Kind, "namespace", u.Namespace, "reason", u.Reason)
	}
}

// outer are the checks of what is outside the tree.
func outer(c drift.Check) bool {
	return slices.Contains([]drift.Needs{drift.Registry, drift.Dates, drift.Cluster, drift.Rows}, c.Needs)
}
