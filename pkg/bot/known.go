package bot

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/goingdark-social/bot/pkg/drift"
	"github.com/goingdark-social/bot/pkg/notes"
	"github.com/goingdark-social/bot/pkg/patch"
	"github.com/goingdark-social/bot/pkg/upstream"
	"github.com/goingdark-social/bot/pkg/upstream/facts"
	"github.com/goingdark-social/bot/pkg/version"
)

// known is what the notes are told beside the releases and the tree. It is
// remembered in the state, so that a service that is down for an hour does not
// change what a pull request says.
type known struct {
	// Rows are the sizes of the tables that are big.
	Rows map[string]int64 `json:"rows,omitempty"`
	// Said is what the update check said, by version in use.
	Said map[string]said `json:"said,omitempty"`
}

// said is what the update check said of one version.
type said struct {
	EndOfSupport string   `json:"end_of_support,omitempty"`
	Urgent       []string `json:"urgent,omitempty"`
}

const (
	// updatesAge is how long a process that stays does not ask again.
	updatesAge = 6 * time.Hour
	// updatesPause is how long it leaves an update check alone that failed.
	updatesPause = time.Hour
	// leastRows are worth a word in the notes.
	leastRows = 100_000
)

// seenUpdates is an answer of the update check, or its failure.
type seenUpdates struct {
	updates upstream.Updates
	err     error
	at      time.Time
}

// inform gives the notes what is known.
func (k known) inform(in *notes.Input, base version.Version) {
	in.Rows = k.Rows

	if s, ok := k.Said[base.String()]; ok {
		in.EndOfSupport = s.EndOfSupport
		in.Urgent = slices.ContainsFunc(s.Urgent, func(v string) bool { return version.Parse(v).Equal(in.To) })
	}
}

// learnUpdates asks the update check about the versions in use. What it can't
// tell now stays as it was said last.
func (b *Bot) learnUpdates(ctx context.Context, k *known, app patch.Application) {
	before := k.Said
	k.Said = map[string]said{}

	for _, v := range app.On {
		if b.Updates == nil || v.Kind() != version.Release && v.Kind() != version.Prerelease {
			continue
		}

		u, err := b.updates(ctx, v)

		switch old, ok := before[v.String()]; {
		case err == nil:
			k.Said[v.String()] = heardOf(u)
		case ok:
			k.Said[v.String()] = old
		}
	}
}

func heardOf(u upstream.Updates) said {
	s := said{EndOfSupport: u.EndOfSupport}

	for _, n := range u.Available {
		if n.Urgent {
			s.Urgent = append(s.Urgent, n.Version.String())
		}
	}

	return s
}

// updates is the update check's answer, at most some hours old.
func (b *Bot) updates(ctx context.Context, v version.Version) (upstream.Updates, error) {
	last, ok := get(b.kept, b.kept.updates, v.String())

	age := updatesAge
	if last.err != nil {
		age = updatesPause
	}

	if !ok || b.Now().Sub(last.at) >= age {
		last = seenUpdates{at: b.Now()}
		if last.updates, last.err = b.Updates.Updates(ctx, v); last.err != nil {
			b.Log.WarnContext(ctx, "the update check could not be asked", "error", last.err)
		}

		put(b.kept, b.kept.updates, v.String(), last)
	}

	return last.updates, last.err
}

// errSilent is what the update check said nothing about.
var errSilent = errors.New("the update check has not answered yet")

// Updates is what was said last, as the update check would say it.
func (k known) Updates(_ context.Context, v version.Version) (upstream.Updates, error) {
	s, ok := k.Said[v.String()]
	if !ok {
		return upstream.Updates{}, errSilent
	}

	u := upstream.Updates{Version: v, EndOfSupport: s.EndOfSupport}
	for _, urgent := range s.Urgent {
		u.Available = append(u.Available, upstream.Update{Version: version.Parse(urgent), Urgent: true})
	}

	return u, nil
}

// learnRows takes over the sizes of tables. An estimate wanders: one that is
// about what it was stays, so that the notes do not change by it.
func (k *known) learnRows(d *drift.Database) {
	if d == nil || d.Rows == nil {
		return
	}

	before := k.Rows
	k.Rows = map[string]int64{}

	for table, rows := range d.Rows {
		was, known := before[table]

		switch near := known && rows > was-was/5 && rows < was+was/5; {
		case near:
			k.Rows[table] = was
		case rows >= leastRows:
			k.Rows[table] = rows
		}
	}
}

// learn asks at once, for what a person wants to know now of an application
// that is on a release.
func (b *Bot) learn(ctx context.Context, repository string, app patch.Application, source string, on ...version.Version) (k known) {
	b.learnUpdates(ctx, &k, app)

	if b.Database == nil {
		return k
	}

	b.Progress("asking the database of %s how big its tables are", cmp.Or(app.Name, "Mastodon"))

	found, err := b.Database.Read(ctx, repository, app.Name)

	for _, v := range on {
		if err == nil && found != nil {
			err = unsized(found, b.facts(ctx, source, v))
		}
	}

	if err != nil {
		b.Log.WarnContext(ctx, "the sizes of the tables are not known", "application", app.Name, "error", err)

		return k
	}

	k.learnRows(found)

	return k
}

// Why a database that answers tells no sizes.
var (
	errUnmeasured = errors.New("the database is empty, or none of its tables was ever analysed")
	errForeign    = errors.New("the database is another program's: its schema_migrations has no migration of Mastodon")
)

// unsized is why the sizes that a database tells are of no use; nil: they are.
func unsized(d *drift.Database, f *facts.Facts) error {
	switch {
	case len(d.Rows) == 0:
		return errUnmeasured
	case d.Foreign(f):
		return errForeign
	default:
		return nil
	}
}
