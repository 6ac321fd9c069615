package layout

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/goingdark-social/bot/internal/lazyre"
)

// Layout is the folders of one tree that an engine applies, and what they reach.
type Layout struct {
	files          []string
	known          map[string]bool // files
	folders        map[string]bool
	links          func(string) (string, bool)
	kustomizations map[string]*Kustomization // by folder
	charts         map[string]bool           // folders
	named          map[string][]Object       // folder → the objects that name it
	parents        map[string][]string       // file or folder → folders of the kustomizations that name it
	roots          []Root
	problems       []Problem
}

// Problem is a file that says where things are and can't be read, or names what is not there.
type Problem struct {
	File    string
	Line    int // 0 when it concerns the whole file
	Message string
	Broken  bool // nothing is known of what the file says
}

// Find reads, of the files listed, those that say where things are applied. The files are those of the tree, slash-separated and
// relative to it, links left out; what a kustomization names through a link is found inside the tree only.
func Find(ctx context.Context, fsys fs.FS, files []string) (*Layout, error) {
	b := NewBuilder(fsys)

	for _, file := range files {
		if err := ctx.Err(); err != nil {
			return nil, err
		}

		if !Speaks(file) {
			b.Add(file, nil)

			continue
		}

		data, err := fs.ReadFile(fsys, file)
		if err != nil {
			return nil, fmt.Errorf("reading where things are applied: %w", err)
		}

		b.Add(file, data)
	}

	return b.Layout(), nil
}

// Speaks tells by its name whether a file may say where things are applied.
func Speaks(file string) bool {
	return isKustomization(path.Base(file)) || strings.HasSuffix(file, ".yaml") || strings.HasSuffix(file, ".yml")
}

// Says tells whether a file does say where things are applied, so that [Builder.Add] needs its data.
func Says(file string, data []byte) bool {
	return isKustomization(path.Base(file)) || Speaks(file) && namesFolders(data)
}

// Builder makes a layout of files that are read elsewhere.
type Builder struct {
	mu             sync.Mutex
	fsys           fs.FS
	files          []string
	kustomizations []*Kustomization
	objects        []Object
	charts         map[string]bool
	problems       []Problem
}

// NewBuilder makes a builder. The tree is asked for its links and for nothing else.
func NewBuilder(fsys fs.FS) *Builder {
	return &Builder{fsys: fsys, charts: map[string]bool{}}
}

// Add notes a file of the tree, and what it says if [Speaks] tells that it may say something; the data of others may be nil. It may
// be called from several goroutines.
func (b *Builder) Add(file string, data []byte) {
	var (
		k       *Kustomization
		objects []Object
		err     error
	)

	switch base := path.Base(file); {
	case isKustomization(base):
		k, err = parseKustomization(file, data)
	case Speaks(file) && namesFolders(data):
		objects, err = parseObjects(file, data)
	}

	b.mu.Lock()
	defer b.mu.Unlock()

	b.files = append(b.files, file)
	b.objects = append(b.objects, objects...)

	if k != nil {
		b.kustomizations = append(b.kustomizations, k)
	}

	if path.Base(file) == "Chart.yaml" {
		b.charts[path.Dir(file)] = true
	}

	if err != nil {
		b.problems = append(b.problems, broken(file, err))
	}
}

var position = lazyre.New(`^yaml: (?:line (\d+): )?`)

// broken tells of a file that can't be parsed. The parser says the line in words only.
func broken(file string, err error) Problem {
	p := Problem{File: file, Broken: true, Message: "can't be parsed: " + position.ReplaceAllString(err.Error(), "")}

	if m := position.FindStringSubmatch(err.Error()); m != nil && m[1] != "" {
		p.Line, _ = strconv.Atoi(m[1])
	}

	return p
}

// Layout is what the files say together.
func (b *Builder) Layout() *Layout {
	b.mu.Lock()
	defer b.mu.Unlock()

	l := &Layout{
		files:          slices.Sorted(slices.Values(b.files)),
		known:          map[string]bool{},
		folders:        map[string]bool{".": true},
		links:          readLinks(b.fsys),
		kustomizations: map[string]*Kustomization{},
		charts:         b.charts,
		named:          map[string][]Object{},
		parents:        map[string][]string{},
		problems:       b.problems,
	}

	for _, file := range l.files {
		l.known[file] = true
		for dir := path.Dir(file); !l.folders[dir]; dir = path.Dir(dir) {
			l.folders[dir] = true
		}
	}

	l.connect(b.kustomizations)
	l.name(b.objects)
	l.findRoots()
	slices.SortFunc(l.problems, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Message, b.Message))
	})

	return l
}

// Roots is the folders that an engine applies, by their names.
func (l *Layout) Roots() []Root { return slices.Clone(l.roots) }

// Files is every file of the tree, by name.
func (l *Layout) Files() []string { return l.files }

// FilesIn is every file below a folder, by name.
func (l *Layout) FilesIn(dir string) []string {
	if dir == "." {
		return l.files
	}

	from, _ := slices.BinarySearch(l.files, dir+"/")
	to, _ := slices.BinarySearch(l.files, dir+"0") // the character after the slash

	return l.files[from:to]
}

// Root is a folder as a root, whether an engine applies it by itself or not.
func (l *Layout) Root(dir string) Root { return l.root(dir) }

// Has tells whether a file or folder is in the tree.
func (l *Layout) Has(name string) bool { return l.known[name] || l.folders[name] }

// Patch tells whether a kustomization names a file as a patch.
func (l *Layout) Patch(file string) bool {
	return slices.ContainsFunc(l.parents[file], func(dir string) bool {
		return slices.Contains(l.kustomizations[dir].Patches, file)
	})
}

// Problems is what kept the layout from being whole, by file and line.
func (l *Layout) Problems() []Problem { return slices.Clone(l.problems) }

// Kustomization is the kustomization of a folder.
func (l *Layout) Kustomization(dir string) (*Kustomization, bool) {
	k, ok := l.kustomizations[dir]

	return k, ok
}

// Folder is the lowest folder that holds all the files, "." for none.
func Folder(files ...string) string {
	if len(files) == 0 {
		return "."
	}

	folder := path.Dir(files[0])
	for _, file := range files[1:] {
		for !Within(folder, file) {
			folder = path.Dir(folder)
		}
	}

	return folder
}

// Within tells whether a file or folder lies in a folder or is it.
func Within(folder, file string) bool {
	return folder == "." || file == folder || strings.HasPrefix(file, folder+"/")
}
