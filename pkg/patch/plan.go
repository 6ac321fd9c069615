package patch

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/goingdark-social/bot/pkg/version"
)

// Target is the release to move to.
type Target struct {
	Version version.Version
	Digests map[string]string // image → digest of its index, for references that are pinned
	Pin     Pin
}

// Pin is what a reference names: a tag, a digest, or both.
type Pin string

// The pins.
const (
	PinAsIs      Pin = ""           // as each reference is today
	PinTag       Pin = "tag"        // image:tag
	PinDigest    Pin = "digest"     // image@digest
	PinTagDigest Pin = "tag+digest" // image:tag@digest
)

// File is one file before and after a plan.
type File struct {
	Path          string
	Before, After []byte
	Edits         []Edit
}

// Edit is one changed place of a file, for people.
type Edit struct {
	File     string
	Line     int
	Old, New string
}

// Plan gives the files of the application that change when it moves to the target, none if it is there already. It reads nothing
// and writes nothing. The error is an [*Error] that lists every problem.
func (t *Tree) Plan(application string, to Target) ([]File, error) {
	contents, err := t.contents()
	if err != nil {
		return nil, fmt.Errorf("unpacking the files of %s: %w", application, err)
	}

	p := planner{contents: contents, application: application, to: to, edits: map[string][]edit{}}

	if !slices.ContainsFunc(t.Applications, func(a Application) bool { return a.Name == application }) {
		p.failf("", 0, "there is no application %q in this tree", application)
	}

	for _, problem := range t.Problems {
		if problem.Fatal && (problem.Application == application || problem.Application == "") {
			p.problems = append(p.problems, problem)
		}
	}

	for i := range t.References {
		if r := &t.References[i]; r.Application == application && !r.Shared {
			p.reference(r)
		}
	}

	files := p.files()
	if len(p.problems) > 0 {
		slices.SortFunc(p.problems, compareProblems)

		return nil, &Error{Application: application, Problems: p.problems}
	}

	return files, nil
}

// planner collects everything before it decides anything.
type planner struct {
	contents    map[string][]byte // by file
	application string
	to          Target
	edits       map[string][]edit
	problems    []Problem
}

// edit replaces a span of a file.
type edit struct {
	span

	text     string
	keys     bool // it adds or takes out a whole key
	line     int
	old, new string // for people
}

func (p *planner) failf(file string, line int, format string, args ...any) {
	p.problems = append(p.problems, Problem{
		File: file, Line: line, Message: fmt.Sprintf(format, args...), Application: p.application, Fatal: true,
	})
}

// reference notes the edits of one place.
func (p *planner) reference(r *Reference) {
	w, ok := p.want(r)
	if !ok {
		return
	}

	edits, ok := r.edits(w)
	if !ok {
		p.failf(r.File, r.Line, "the pin %q asks for other keys than stand here, and adding or dropping one safely is not possible: do it by hand",
			p.to.Pin)

		return
	}

	data := p.contents[r.File]
	for _, e := range edits {
		e.line = r.Line
		e.old, e.new = named(r.Tag, r.Digest), w.String()

		if string(data[e.Start:e.End]) != e.text {
			p.edits[r.File] = append(p.edits[r.File], e)
		}
	}
}

// files applies the edits, each file checked.
func (p *planner) files() []File {
	files := []File{}

	for _, name := range slices.Sorted(maps.Keys(p.edits)) {
		edits := p.edits[name]
		slices.SortFunc(edits, func(a, b edit) int { return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End)) })

		before := p.contents[name]

		after, err := apply(before, edits)
		if err == nil {
			err = verify(name, before, after, edits)
		}

		if err != nil {
			p.failf(name, edits[0].line, "can't be changed safely: %v", err)

			continue
		}

		files = append(files, File{Path: name, Before: before, After: after, Edits: forPeople(name, edits)})
	}

	return files
}

// forPeople lists a place once, however many spans of it change.
func forPeople(name string, edits []edit) []Edit {
	list := make([]Edit, 0, len(edits))
	for _, e := range edits {
		list = append(list, Edit{File: name, Line: e.line, Old: e.old, New: e.new})
	}

	return slices.Compact(list)
}

// apply replaces the spans, which must be in order and apart.
func apply(before []byte, edits []edit) ([]byte, error) {
	var after []byte

	from := 0

	for _, e := range edits {
		if e.Start < from || e.End > len(before) {
			return nil, fmt.Errorf("two changes meet at byte %d", e.Start)
		}

		after = append(append(after, before[from:e.Start]...), e.text...)
		from = e.End
	}

	return append(after, before[from:]...), nil
}
