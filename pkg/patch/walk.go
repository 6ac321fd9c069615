package patch

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/goingdark-social/bot/internal/weigh"
	"github.com/goingdark-social/bot/pkg/layout"
)

// maxFile is the largest file that is read whole. A manifest is a thousandth of it.
const maxFile = 64 << 20

// maxDepth is how deep folders are searched. A system's paths end at some 2,000, and every folder costs as much as there are above it.
const maxDepth = 200

// walker reads a tree once: every file is searched for the names of images, those that hold one become pages, and the layout learns
// where things are.
type walker struct {
	fsys     fs.FS
	names    *names
	layout   *layout.Builder
	memory   *Memory
	buffers  sync.Pool
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
		buffers: sync.Pool{New: func() any { return new(bytes.Buffer) }},
		loud:    map[string]bool{}, folders: map[string]*folder{},
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

// file reads one file into a buffer that is used again, and keeps a copy only of what names an image.
func (w *walker) file(name string) {
	key := w.key(name)
	if w.memory.boring(key) || w.runsOnly && isMarkdown(name) {
		w.passBy(name)

		return
	}

	buffer, _ := w.buffers.Get().(*bytes.Buffer)
	defer w.buffers.Put(buffer)
	buffer.Reset()

	if err := w.read(name, buffer); err != nil {
		w.problem(Problem{File: name, Message: "can't be read: " + reason(err), Fatal: true})

		return
	}

	data := buffer.Bytes()
	w.layout.Add(name, data)

	switch {
	case w.interesting(name, data):
		w.mu.Lock()
		defer w.mu.Unlock()

		w.loud[path.Dir(name)] = true
	case key != "":
		w.memory.remember(key)
	}
}

// interesting keeps what names an image or may come to matter, and tells whether the file must be read again the next time.
func (w *walker) interesting(name string, data []byte) bool {
	switch {
	case w.unusable(name, data):
		return true
	case isMarkdown(name):
		return w.document(name, data)
	case w.names.in(name, data) && !w.affords(name, data):
		w.problem(Problem{File: name, Message: "names an image, and the files that do so are more than can be read", Fatal: true})

		return true
	case w.names.in(name, data):
		w.keep(&w.pages, readPage(name, bytes.Clone(data), w.names))

		return true
	default:
		return w.memory != nil && layout.Says(name, data)
	}
}

const (
	// maxKept is how much of a tree may name images, in bytes.
	maxKept = 256 << 20
	// maxValues is how much of that may be YAML or JSON: half a million lines.
	maxValues = 2 * weigh.Max
)

// affords tells whether a file that is to be kept still fits into memory.
func (w *walker) affords(name string, data []byte) bool {
	values := 0
	if layout.Speaks(name) || strings.HasSuffix(name, ".json") {
		values = weigh.Values(data)
	}

	w.mu.Lock()
	defer w.mu.Unlock()

	if values > weigh.Max {
		values = 0 // which is told, and not parsed
	}

	if w.bytes+len(data) > maxKept || w.values+values > maxValues {
		return false
	}

	w.bytes += len(data)
	w.values += values

	return true
}

// unusable notes a manifest whose content is not at hand or is in an encoding that its editor should know of.
func (w *walker) unusable(name string, data []byte) bool {
	if !layout.Speaks(name) {
		return false
	}

	switch {
	case bytes.HasPrefix(data, []byte("version https://git-lfs.github.com/spec/")):
		w.mu.Lock()
		defer w.mu.Unlock()

		w.pointers = append(w.pointers, name)

		return true
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")):
		if w.names.in(name, bytes.ReplaceAll(data, []byte{0}, nil)) {
			w.problem(Problem{File: name, Line: 1, Message: "names an image and is UTF-16, which can't be changed safely: save it as UTF-8", Fatal: true})
		}

		return true
	default:
		return false
	}
}

// document keeps a document that speaks of Mastodon. Of the others the name is enough, to read them if an application turns out to
// be called otherwise or to be where they are.
func (w *walker) document(name string, data []byte) bool {
	if ownName.Match(data) && w.affords(name, data) {
		w.keep(&w.markdown, newPage(name, bytes.Clone(data), w.names))

		return true
	}

	w.mu.Lock()
	defer w.mu.Unlock()

	w.others = append(w.others, name)

	return false
}

func (w *walker) keep(list *[]*page, p *page) {
	w.mu.Lock()
	defer w.mu.Unlock()

	*list = append(*list, p)
}

// Reader is what a tree may offer besides [fs.FS]: a file read into a buffer that is used again, without the cost of opening it as an
// [fs.File]. For small files on a disk that is most of the cost.
type Reader interface {
	// ReadInto gives the content of a file, at most limit bytes of it, in buf's memory if it fits there.
	ReadInto(name string, buf []byte, limit int) ([]byte, error)
}

func (w *walker) read(name string, into *bytes.Buffer) error {
	if err := w.readInto(name, into); err != nil {
		return err
	}

	if into.Len() > maxFile {
		return fmt.Errorf("is larger than %d MB", maxFile>>20)
	}

	return nil
}

func (w *walker) readInto(name string, into *bytes.Buffer) error {
	if r, ok := w.fsys.(Reader); ok {
		data, err := r.ReadInto(name, into.AvailableBuffer(), maxFile+1)
		if err == nil {
			_, err = into.Write(data)
		}

		return err
	}

	f, err := w.fsys.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()

	_, err = into.ReadFrom(io.LimitReader(f, maxFile+1))

	return err
}

// in tells whether a file may name an image.
func (n *names) in(file string, data []byte) bool {
	if !bytes.Contains(data, n.common) {
		return false
	}

	holds := func(needle []byte) bool { return bytes.Contains(data, needle) }

	return slices.ContainsFunc(n.needles, holds) || strings.HasSuffix(file, ".json") && slices.ContainsFunc(n.escaped, holds)
}
