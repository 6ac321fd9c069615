package history_test

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"pgregory.net/rapid"

	"github.com/goingdark-social/bot/internal/memworld"
	"github.com/goingdark-social/bot/pkg/bot"
	"github.com/goingdark-social/bot/pkg/effect"
)

// machine is one history.
type machine struct {
	*memworld.World

	standard map[string]string // the tree of the beginning
	bot      *bot.Bot
	seam     *seat
	// disturbed counts what may make a notification be sent once more.
	disturbed int
	// theirs are people's commits by branch, which only people take away.
	theirs map[string]map[string]bool
	// no are the releases whose pull request a person closed.
	no map[string]bool
	// policy is what bot.yaml says: see policies.
	policy string
	// asked are the versions of the pool that nobody has released yet.
	pool []string
	// last is what the last pass failed with.
	last error
}

// seat is a seam whose occupant changes from pass to pass.
type seat struct{ now effect.Seam }

func (s *seat) Do(ctx context.Context, e effect.Effect, f func(context.Context) error) error {
	return effect.Or(s.now).Do(ctx, e, f)
}

var beginning = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func begin(t *rapid.T) *machine {
	m := &machine{
		standard: standard(t), seam: &seat{}, theirs: map[string]map[string]bool{}, no: map[string]bool{},
		pool: []string{"v4.4.4", "v4.4.5", "v4.4.6", "v4.4.7", "v4.5.0", "v4.5.1", "v4.5.2", "v4.6.0"},
	}

	w, err := memworld.New(m.standard, beginning)
	must(t, err)

	m.World = w
	m.Releases.Publish("v4.4.3", true, beginning.Add(-2000*time.Hour))
	m.start(t)

	return m
}

// start begins a new process: the last one's memory is gone.
func (m *machine) start(t *rapid.T) {
	var err error

	m.seam = &seat{}
	m.bot, err = m.Bot(m.seam)
	must(t, err)
}

// failing is a test of either kind.
type failing interface{ Fatal(args ...any) }

func must(t failing, err error) {
	if err != nil {
		t.Fatal(err)
	}
}

// standard is the tree of the stories.
func standard(t failing) map[string]string {
	files, root := map[string]string{}, filepath.Join("..", "..", "stories", "trees", "standard")

	must(t, fs.WalkDir(os.DirFS(root), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}

		data, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
		files[path.Clean(name)] = string(data)

		return err
	}))

	return files
}

// run makes one pass through a seam, nil for none.
func (m *machine) run(through effect.Seam) {
	m.seam.now = through
	_, m.last = m.Run(context.Background(), m.bot)
	m.seam.now = nil
}

// onMain is the version that the web image has on main.
func (m *machine) onMain(t *rapid.T) string {
	versions := m.versionsOf(t, "refs/heads/main")
	if len(versions) != 1 {
		return ""
	}

	for v := range versions {
		return v
	}

	return ""
}

// versionsOf are the versions that the images have at a reference.
func (m *machine) versionsOf(t *rapid.T, ref string) map[string]bool {
	files, err := m.Git.Files(ref)
	must(t, err)

	return versionsIn(files["k8s/mastodon/mastodon.yaml"])
}

func versionsIn(manifest string) map[string]bool {
	out := map[string]bool{}

	for line := range strings.Lines(manifest) {
		if _, image, ok := strings.Cut(line, "ghcr.io/glitch-soc/mastodon"); ok {
			_, tag, _ := strings.Cut(image, ":")
			end := strings.IndexFunc(tag, func(r rune) bool { return !strings.ContainsRune("v.0123456789", r) })
			out[tag[:max(end, 0)]] = true
		}
	}

	return out
}

// ours are the program's branches.
func (m *machine) ours() []string {
	var out []string

	for ref := range m.Git.Refs() {
		if name, ok := strings.CutPrefix(ref, "refs/heads/"); ok && strings.HasPrefix(name, "bot/") {
			out = append(out, name)
		}
	}

	return sorted(out)
}

func (m *machine) String() string { return fmt.Sprint(m.Git.Refs(), m.last) }
