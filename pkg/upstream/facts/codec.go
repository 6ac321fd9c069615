package facts

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"strings"

	"github.com/goingdark-social/bot/pkg/version"
)

// form is what packed facts begin with.
const form = "facts 2\n"

// Pack writes the facts of several releases compactly: what releases have in common is written once, with the numbers
// of the releases that have it, and so is every string. Releases are numbered in the order given. After form come the
// length of the text and the text, in which the strings stand, and then the elements to the end, each as
//
//	kind, number of ranges, ranges, length, fields
//
// where a range of releases is how many lie between it and the one before, and how many it holds; all numbers are
// varints. One release is so read without the others, and from where it lies: inflating and decoding text that a
// process needs once took it longer than all that is done with it.
func Pack(releases []*Facts) []byte {
	words := words{at: map[string]uint64{}}
	var elements []byte
	for kind, s := range sections {
		for _, e := range s.pack(releases, &words) {
			elements = binary.AppendUvarint(elements, uint64(kind))
			elements = appendRanges(elements, e.releases)
			elements = binary.AppendUvarint(elements, uint64(len(e.body)))
			elements = append(elements, e.body...)
		}
	}
	out := binary.AppendUvarint([]byte(form), uint64(len(words.text)))
	return append(append(out, words.text...), elements...)
}

// element is one element to be packed and the releases that have it.
type element struct {
	body     []byte
	releases []int
}

// Unpack reads the n-th release of what Pack wrote. Its strings keep all of packed in memory.
func Unpack(packed string, n int) (*Facts, error) { return unpack(packed, n, whole, nil) }

// unpack reads a release up to a kind; what comes after it stays empty. What it decodes it leaves on the shelf, unless
// that is nil, and takes from there what another release has left.
func unpack(data string, n int, last kind, shelf *Shelf) (*Facts, error) {
	p, err := open(data)
	if err != nil {
		return nil, err
	}
	var counts [whole + 1]int
	total := 0
	err = p.each(n, func(e packed) error {
		counts[e.kind]++
		total = e.number
		return nil
	})
	if err != nil {
		return nil, err
	}
	u := &unpacked{wire: wire{text: p.text}, facts: &Facts{}, shelf: shelf}
	shelf.grow(total + 1)
	for kind, s := range sections[:last+1] {
		s.grow(u.facts, counts[kind])
	}
	err = p.each(n, func(e packed) error {
		if e.kind > last {
			return nil
		}
		return sections[e.kind].unpack(u, e)
	})
	if err != nil {
		return nil, err
	}
	return u.facts.Normal(), nil
}

// unpacked is a release on its way back.
type unpacked struct {
	wire // one for all elements: there are more than a thousand

	facts          *Facts
	shelf          *Shelf
	changelogLines []int
}

// open turns to an element.
func (u *unpacked) open(e packed) *wire {
	u.in = e.body
	return &u.wire
}

// packs is what Pack wrote, taken apart.
type packs struct{ text, elements string }

// packed is one element of it.
type packed struct {
	number int // among all elements
	kind   kind
	body   string
}

func open(data string) (packs, error) {
	rest, ok := strings.CutPrefix(data, form)
	if !ok {
		return packs{}, fmt.Errorf("packed facts: they do not begin with %q", form)
	}
	w := wire{in: rest}
	text := w.take(w.size(0))
	return packs{text, w.in}, w.err
}

// each calls f with every element that the n-th release has, or with all of them when n is negative.
func (p packs) each(n int, f func(e packed) error) error {
	w := wire{in: p.elements}
	for number := 0; len(w.in) > 0; number++ {
		e := packed{number: number, kind: kind(w.size(0))}
		has := w.ranges(n)
		e.body = w.take(w.size(0))
		err := w.err
		if err == nil && e.kind > whole {
			err = fmt.Errorf("%d is an unknown kind", e.kind)
		}
		if err == nil && (has || n < 0) {
			err = f(e)
		}
		if err != nil {
			return fmt.Errorf("packed facts: element %d: %w", number, err)
		}
	}
	return nil
}

// kind is of what sort an element is, by its place among the sections.
type kind uint64

const (
	ofHead kind = iota
	ofChangelog
	ofTable
	ofView
	ofMigration
	ofVariable
)

const (
	// outline is what a release says of itself and of those before it.
	outline = ofChangelog
	// whole is all of it.
	whole = ofVariable
)

var sections = [whole + 1]section{
	ofHead:      head{},
	ofChangelog: changelog,
	ofTable:     list[Table]{func(f *Facts) *[]Table { return &f.Schema.Tables }, func(a, b Table) int { return cmp.Compare(a.Name, b.Name) }, (*Table).fields, (*Table).normal},
	ofView:      list[View]{func(f *Facts) *[]View { return &f.Schema.Views }, func(a, b View) int { return cmp.Compare(a.Name, b.Name) }, (*View).fields, (*View).normal},
	ofMigration: list[Migration]{func(f *Facts) *[]Migration { return &f.Migrations }, CompareMigrations, (*Migration).fields, (*Migration).normal},
	ofVariable:  list[Variable]{func(f *Facts) *[]Variable { return &f.Environment }, func(a, b Variable) int { return cmp.Compare(a.Name, b.Name) }, (*Variable).fields, (*Variable).normal},
}

var changelog = changelogSection{list[Release]{func(f *Facts) *[]Release { return &f.Changelog }, CompareReleases, (*Release).fields, (*Release).normal}}

// CompareMigrations is the order of Facts.Migrations: pre before post, then by version and file.
func CompareMigrations(a, b Migration) int {
	return cmp.Or(
		-cmp.Compare(a.Phase, b.Phase), cmp.Compare(len(a.Version), len(b.Version)), cmp.Compare(a.Version, b.Version),
		cmp.Compare(a.File, b.File),
	)
}

// CompareReleases is the order of Facts.Changelog: newest version first.
func CompareReleases(a, b Release) int {
	return version.CompareAny(version.Parse(b.Version), version.Parse(a.Version))
}

// appendRanges writes ascending numbers.
func appendRanges(out []byte, numbers []int) []byte {
	var ranges [][2]uint64
	next := 0
	for i := 0; i < len(numbers); {
		j := i + 1
		for j < len(numbers) && numbers[j] == numbers[j-1]+1 {
			j++
		}
		ranges = append(ranges, [2]uint64{uint64(numbers[i] - next), uint64(j - i)}) //nolint:gosec // ascending
		next, i = numbers[j-1]+1, j
	}
	out = binary.AppendUvarint(out, uint64(len(ranges)))
	for _, r := range ranges {
		out = binary.AppendUvarint(binary.AppendUvarint(out, r[0]), r[1])
	}
	return out
}

// ranges tells whether n is in what appendRanges wrote.
func (w *wire) ranges(n int) (in bool) {
	var next uint64
	for left := w.size(0); left > 0 && w.err == nil; left-- {
		first := next + w.size(0)
		next = first + w.size(0)
		in = in || n >= 0 && first <= uint64(n) && uint64(n) < next
	}
	return in
}
