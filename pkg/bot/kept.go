package bot

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/goingdark-social/bot/pkg/gh"
	"github.com/goingdark-social/bot/pkg/look"
	"github.com/goingdark-social/bot/pkg/notify"
	"github.com/goingdark-social/bot/pkg/patch"
	"github.com/goingdark-social/bot/pkg/registry"
	"github.com/goingdark-social/bot/pkg/version"
)

// kept is what a process that stays knows from one pass to the next. It saves
// questions and is never needed for an answer: a new process begins without.
type kept struct {
	keptOutside

	// scans knows files that hold nothing of interest, of all repositories.
	scans patch.Memory

	// ledger remembers what was told of passes that never reached a state. Its
	// lock is held while something is told.
	telling sync.Mutex
	ledger  notify.Ledger

	// views holds the tree of each repository and branch that was read last.
	views *look.Cache

	mu sync.Mutex
	// gits holds the git side of repositories, with what it fetched, by URL.
	gits map[string]Git
	// releases holds what was inspected, and when.
	releases map[string]inspected
	// branches tells what a branch was last found to carry.
	branches map[string]carried
	// pulls holds the pull requests of applications as they were listed last.
	pulls map[string]listedPulls
	// heard are the comments that need no further look.
	heard map[string]struct{}
	// boards holds the dashboards as they were seen last, by repository.
	boards map[string]gh.Issue
	// boardless are the repositories that had no dashboard when it was looked for.
	boardless map[string]struct{}
	// numbered are the repositories whose state is known to name their dashboard.
	numbered map[string]struct{}
	// judged holds what was found in a tree, by repository, commit and day.
	judged map[string]judgement
	// reviewed tells at which glimpse and base pull requests were judged.
	reviewed map[string]string
	// asked tells of pull requests whose labels and reviewers were seen to.
	asked map[string]time.Time
	// histories holds what each branch ran, by repository and branch.
	histories map[string]seenHistory
}

type inspected struct {
	release registry.Release
	at      time.Time
}

// carried is a branch whose commit was found to be right for a change.
type carried struct{ head, base, content string }

// mostKept bounds each map; one that is full starts anew.
const mostKept = 4096

func newKept() *kept {
	return &kept{
		keptOutside: newKeptOutside(),
		gits:        map[string]Git{}, views: look.NewCache(), releases: map[string]inspected{},
		branches: map[string]carried{}, asked: map[string]time.Time{},
		pulls: map[string]listedPulls{}, heard: map[string]struct{}{}, boards: map[string]gh.Issue{}, boardless: map[string]struct{}{}, numbered: map[string]struct{}{},
		judged: map[string]judgement{}, reviewed: map[string]string{}, histories: map[string]seenHistory{},
	}
}

func put[V any](k *kept, m map[string]V, key string, v V) {
	k.mu.Lock()
	defer k.mu.Unlock()

	if len(m) >= mostKept {
		clear(m)
	}

	m[key] = v
}

func get[V any](k *kept, m map[string]V, key string) (V, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()

	v, ok := m[key]

	return v, ok
}

// git is the git side of a repository, opened once.
func (b *Bot) git(ctx context.Context, r gh.Repository) (Git, error) {
	if g, ok := get(b.kept, b.kept.gits, r.CloneURL); ok {
		return g, nil
	}

	g, err := b.Open(ctx, r)
	if err == nil {
		put(b.kept, b.kept.gits, r.CloneURL, g)
	}

	return g, err
}

// releaseKey names a release of a family for certain platforms.
func releaseKey(f registry.Family, v version.Version, platforms []string) string {
	return strings.Join(f.Images, " ") + f.TagSuffix + " " + v.String() + " " + strings.Join(platforms, " ")
}
