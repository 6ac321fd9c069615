package patch

import (
	"context"
	"io/fs"
	"slices"

	"github.com/goingdark-social/bot/pkg/layout"
)

// Scan reads every file of the tree that may name an image and says what it found. What can't be read or understood is among the
// problems; an error means that the tree itself could not be walked or that the options contradict each other.
func Scan(ctx context.Context, fsys fs.FS, o Options) (*Tree, error) {
	if err := o.check(); err != nil {
		return nil, err
	}

	w := newWalker(fsys, newNames(o), o.Memory)
	w.runsOnly = o.RunsOnly

	if err := w.walk(ctx, o.Parallel); err != nil {
		return nil, err
	}

	s := newScan(fsys, o, w)
	s.run()

	return s.tree(), nil
}

func newScan(fsys fs.FS, o Options, w *walker) *scan {
	s := &scan{
		fsys: fsys, options: o, names: w.names, layout: w.layout.Layout(), pages: w.pages, problems: w.problems,
		markdown: w.markdown, others: w.others, pointers: w.pointers, byPath: map[string]*page{},
	}

	for _, p := range s.pages {
		s.byPath[p.path] = p
	}

	return s
}

// run finds the applications, then what is only found because of them.
func (s *scan) run() {
	s.patchFiles()
	s.placeholders()
	s.assign()
	s.families()
	s.replacements()
	s.variables()
	s.charts()

	if !s.options.RunsOnly {
		s.labels()
		s.documents()
	}

	s.judge()
}

// scan is what is known of a tree on the way from files to applications.
type scan struct {
	fsys     fs.FS
	options  Options
	names    *names
	layout   *layout.Layout
	pages    []*page // by path, Markdown aside
	markdown []*page // by path
	others   []string
	pointers []string
	byPath   map[string]*page
	apps     []*app
	problems []Problem
	narrowed int // lists that were looked into
}

func (s *scan) tree() *Tree {
	t := &Tree{References: []Reference{}, Problems: []Problem{}, Applications: []Application{}, files: map[string][]byte{}}

	var all []*Reference

	for _, a := range s.apps {
		t.Applications = append(t.Applications, a.application(s.layout))

		for _, r := range a.refs {
			r.Application = a.name
			all = append(all, r)
		}
	}

	for _, p := range s.pages {
		for _, r := range p.references {
			if r.Shared {
				all = append(all, r)
			}
		}
	}

	slices.SortFunc(all, compareReferences)

	for _, r := range all {
		t.References = append(t.References, r.alone())
		t.files[r.File] = s.byPath[r.File].data
	}

	t.Problems = append(t.Problems, s.problems...)
	slices.SortFunc(t.Problems, compareProblems)

	return t
}
