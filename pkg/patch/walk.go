package patch

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/goingdark-social/bot/pkg/layout"
)

// maxDepth is how deep folders are searched. A system's paths end at some 2,000, and every folder costs as much as there are above it.
const maxDepth = 200

// walker reads a tree once: every file is searched for the names of images, those that hold one become pages, and the layout learns
// where things are.
type walker struct {
	fsys     fs.FS
	names    *names
	layout   *layout.Builder
	memory   *Memory
	contents contents
	runsOnly bool

	mu       sync.Mutex
	pages    []*page
	problems []Problem
	markdown []*page  // documents that speak of Mastodon, looked into once the applications are known
	others   []string // documents that do not
	pointers []string // manifests that Git LFS keeps elsewhere
	bytes    int      // of what is kept
	values   int      // of what is kept and parsed

	loud    map[string]bool    // folders with a file that is of interest
	folders map[string]*folder // those of a tree that tells their hashes
	entered []string           // the same, in order
}

func newWalker(fsys fs.FS, n *names, m *Memory) *walker {
	return &walker{
		fsys: fsys, names: n, memory: m, layout: layout.NewBuilder(fsys),
		loud: map[string]bool{}, folders: map[string]*folder{},
	}
}

func (w *walker) walk(ctx context.Context, parallel int) error {
	g, ctx := errgroup.WithContext(ctx)
	batches := make(chan []string, 16)

	g.Go(func() error { return w.list(ctx, batches) })

	for range cmp.Or(parallel, runtime.GOMAXPROCS(0)) {
		g.Go(func() error {
			for files := range batches {
				for _, name := range files {
					w.file(name)
				}
			}

			return ctx.Err()
		})
	}

	if err := g.Wait(); err != nil {
		return fmt.Errorf("reading the tree: %w", err)
	}

	w.rememberFolders()
	slices.SortFunc(w.pages, comparePages)
	slices.SortFunc(w.markdown, comparePages)

	return nil
}

// batch is how many files one of the parallel readers takes at once: to hand over a single one costs as much as to read it. The
// first batches are smaller, so that a tree of some dozen files has work for more than one.
const batch = 64

// list hands out every file that may be read.
func (w *walker) list(ctx context.Context, batches chan<- []string) error {
	defer close(batches)

	size := 1
	files := make([]string, 0, size)
	hand := func() error {
		select {
		case batches <- files:
			size = min(2*size, batch)
			files = make([]string, 0, size)

			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}

	err := fs.WalkDir(w.fsys, ".", func(name string, d fs.DirEntry, err error) error {
		wanted, err := w.visit(name, d, err)
		if !wanted || err != nil {
			return err
		}

		if above := w.folders[path.Dir(name)]; above != nil {
			above.files = append(above.files, path.Base(name))
		}

		if files = append(files, name); len(files) < size {
			return nil
		}

		return hand()
	})
	if err != nil {
		return err
	}

	return hand()
}

// visit tells of each entry whether it is a file to read.
func (w *walker) visit(name string, d fs.DirEntry, err error) (bool, error) {
	switch {
	case err != nil && name == ".":
		return false, err
	case !fs.ValidPath(name):
		w.problem(Problem{File: name, Message: "can't be read, since its name is not UTF-8: rename it", Fatal: true})

		return false, skip(d)
	case err != nil:
		w.problem(Problem{File: name, Message: "can't be read: " + reason(err), Fatal: true})

		return false, skip(d)
	case d.IsDir() && path.Base(name) == ".git":
		return false, fs.SkipDir
	case d.IsDir() && name != "." && w.submodule(name):
		w.problem(Problem{File: name, Message: "is another repository inside this one; it is not searched, and its images are not moved"})

		return false, fs.SkipDir
	case d.IsDir() && strings.Count(name, "/") >= maxDepth:
		w.problem(Problem{File: name, Message: fmt.Sprintf("is nested more than %d folders deep; it is not searched", maxDepth), Fatal: true})

		return false, fs.SkipDir
	case d.IsDir() && w.enter(name):
		return false, fs.SkipDir
	case d.Type() == fs.ModeIrregular: // how a commit shows a submodule
		w.problem(Problem{File: name, Message: "is a submodule; it is not searched, and its images are not moved"})
	default:
		return d.Type().IsRegular() && name != policyFile, nil
	}

	return false, nil
}

// policyFile names images to say which they are, not to run them.
const policyFile = "bot.yaml"

func skip(d fs.DirEntry) error {
	if d != nil && d.IsDir() {
		return fs.SkipDir
	}

	return nil
}

// submodule tells a folder that git treats as another repository. The cheap test comes first: few folders have the entry.
func (w *walker) submodule(dir string) bool {
	info, err := fs.Stat(w.fsys, dir+"/.git")

	return err == nil && info != nil
}

// reason is what went wrong without the name of the file, which stands before it.
func reason(err error) string {
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		return path.Err.Error()
	}

	return err.Error()
}

func (w *walker) problem(p Problem) {
	w.mu.Lock()
	defer w.mu.Unlock()

	w.problems = append(w.problems, p)
	w.loud[path.Dir(p.File)] = true
}

// file reads one file, and keeps a copy only of what names an image.
func (w *walker) file(name string) {
	key := w.key(name)
	if w.memory.boring(key) || w.runsOnly && isMarkdown(name) {
		w.passBy(name)

		return
	}

	err := w.contents.read(w.fsys, name, func(data []byte) {
		w.layout.Add(name, data)

		switch {
		case w.interesting(name, data):
			w.mu.Lock()
			defer w.mu.Unlock()

			w.loud[path.Dir(name)] = true
		case key != "":
			w.memory.remember(key)
		}
	})
	if err != nil {
		w.problem(Problem{File: name, Message: "can't be read: " + reason(err), Fatal: true})
	}
}
