package bot

import (
	"context"
	"log/slog"
	"time"

	"github.com/goingdark-social/bot/pkg/effect"
	"github.com/goingdark-social/bot/pkg/gh"
	"github.com/goingdark-social/bot/pkg/notify"
	"github.com/goingdark-social/bot/pkg/registry"
	"github.com/goingdark-social/bot/pkg/repo"
	"github.com/goingdark-social/bot/pkg/upstream/facts"
	"github.com/goingdark-social/bot/pkg/version"
)

// Registry tells which versions exist. [*registry.Client] is one. One that is
// [Images] too is asked about the images in use.
type Registry interface {
	Listings(ctx context.Context, family registry.Family) ([]registry.Listing, error)
	Inspect(ctx context.Context, family registry.Family, v version.Version, platforms []string) (registry.Release, error)
}

// Upstream tells what the source of a release says. An answer of nil without
// an error is "unknown", which holds nothing up.
type Upstream interface {
	Facts(ctx context.Context, source string, v version.Version) (*facts.Facts, error)
	// Outline may leave out schema, migrations and environment, where that is cheaper.
	Outline(ctx context.Context, source string, v version.Version) (*facts.Facts, error)
}

// GitHub keeps pull requests. [*gh.Client] is one.
type GitHub interface {
	Repository(ctx context.Context, fullName string) (gh.Repository, error)
	PullRequests(ctx context.Context, fullName string, q gh.Query) ([]gh.PullRequest, error)
	Ensure(ctx context.Context, fullName string, w gh.Want) (gh.PullRequest, gh.Action, error)
	Comment(ctx context.Context, fullName string, number int, body, key string) (string, error)
	Retire(ctx context.Context, fullName string, pr gh.PullRequest, why string) error
	ClosedByOther(ctx context.Context, fullName string, pr gh.PullRequest) (bool, error)
	Checks(ctx context.Context, fullName, sha string) (gh.Checks, error)
	Objections(ctx context.Context, fullName string, number int) ([]string, error)
	Ready(ctx context.Context, fullName string, pr gh.PullRequest) (bool, error)
	AutoMerge(ctx context.Context, fullName string, pr gh.PullRequest, method gh.Method) error
	NoAutoMerge(ctx context.Context, fullName string, pr gh.PullRequest) error
	Merge(ctx context.Context, fullName string, number int, sha string, method gh.Method) (string, error)

	Conversation
}

// Git is one remote repository. [*repo.Remote] is one.
type Git interface {
	Fetch(ctx context.Context, branch string) (*repo.Commit, error)
	Heads(ctx context.Context) (map[string]string, error)
	Ahead(ctx context.Context, branch string, base *repo.Commit) ([]repo.LogEntry, error)
	History(ctx context.Context, branch string) (*repo.History, error)
	Commit(ctx context.Context, base *repo.Commit, changes []repo.Change, m repo.Message) (*repo.Commit, error)
	Push(ctx context.Context, c *repo.Commit, branch, lease string) error
	DeleteBranch(ctx context.Context, branch, lease string) error
	ReadState(ctx context.Context, path string) ([]byte, error)
	UpdateState(ctx context.Context, path string, f func(old []byte) ([]byte, error)) error
}

// Options are the rooms that a Bot asks.
type Options struct {
	// Registry begins a pass of questions about which releases exist: within
	// one the answers agree. Nil for offline work, which takes the version it
	// is told on trust.
	Registry func() Registry
	// Upstream is asked for the facts of releases; nil: all are unknown.
	Upstream Upstream
	GitHub   GitHub
	// Open gives the git side of a repository on GitHub.
	Open func(ctx context.Context, r gh.Repository) (Git, error)
	// Live is asked what runs; nil: nobody can tell, and no roll-out is followed.
	Live Live
	// Database is asked which migrations have run and how big the tables are;
	// nil: nobody can tell.
	Database Database
	// Updates is asked what is urgent and until when a line is supported; nil:
	// what the releases themselves say has to do.
	Updates Updates
	// Many tells that the process looks after many repositories: what has
	// drifted in a tree that did not move is then looked for once an hour, where
	// neither a cluster nor a database is read. Default: false, in every pass.
	Many bool
	// Targets receive notifications; none by default.
	Targets []notify.Target
	// Seam is what every notification passes; effect.Direct by default. The
	// rooms that write have their own.
	Seam effect.Seam
	// Talk is how people can talk to the program; not at all by default.
	Talk Talk
	// Author signs the commits, and tells the bot's commits from people's. Where
	// there is a Maker it is whoever that says.
	Author repo.Signature
	// Maker makes the commits; nil: they are made here and pushed.
	Maker Maker
	// Now is the clock; time.Now by default.
	Now func() time.Time
	// Location is the time zone of windows that name none; UTC by default.
	Location *time.Location
	// Log receives what an operator may want to know; nothing by default.
	Log *slog.Logger
	// Progress is told what is being waited for; nobody by default.
	Progress func(format string, args ...any)
}

// Bot does passes over repositories. Its methods are safe for concurrent use
// on different repositories.
type Bot struct {
	Options

	kept     *kept
	registry Registry // of one pass
}

// New fills in the defaults.
func New(o Options) *Bot {
	if o.Now == nil {
		o.Now = time.Now
	}

	if o.Location == nil {
		o.Location = time.UTC
	}

	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}

	if o.Progress == nil {
		o.Progress = func(string, ...any) {}
	}

	return &Bot{Options: o, kept: newKept()}
}

// begin is the bot for one pass.
func (b *Bot) begin() *Bot {
	one := *b

	if b.Registry != nil {
		one.registry = b.Registry()
	}

	return &one
}
