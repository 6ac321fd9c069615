package facts

import (
	"fmt"
	"slices"
)

// section is one list of Facts, or all that is no list.
type section interface {
	pack(releases []*Facts, words *words) []element
	// grow makes room for n elements.
	grow(f *Facts, n int)
	unpack(u *unpacked, e packed) error
}

// list is a list of Facts whose elements releases share.
type list[T any] struct {
	of      func(*Facts) *[]T
	compare func(a, b T) int
	fields  func(*T, *wire)
	normal  func(*T)
}

// pack writes every distinct element once, in the order that each release has them in.
func (l list[T]) pack(releases []*Facts, words *words) []element {
	type valued struct {
		element

		value T
	}
	var elements []*valued
	known := map[string]*valued{}
	for n, f := range releases {
		for _, value := range *l.of(f) {
			w := wire{words: words}
			l.fields(&value, &w)
			e := known[string(w.out)]
			if e == nil {
				e = &valued{element{body: w.out}, value}
				known[string(w.out)] = e
				elements = append(elements, e)
			}
			e.releases = append(e.releases, n)
		}
	}
	slices.SortStableFunc(elements, func(a, b *valued) int { return l.compare(a.value, b.value) })
	out := make([]element, len(elements))
	for i, e := range elements {
		out[i] = e.element
	}
	return out
}

func (l list[T]) grow(f *Facts, n int) { *l.of(f) = make([]T, 0, n) }

func (l list[T]) unpack(u *unpacked, e packed) error {
	to := l.of(u.facts)
	if v, known := u.shelf.seen(e.number).(*T); known {
		*to = append(*to, *v)
		return nil
	}
	*to = append(*to, *new(T))
	v := &(*to)[len(*to)-1]
	l.fields(v, u.open(e))
	l.normal(v) // here, and not when a release is whole: others may be reading it by then
	u.shelf.keep(e.number, v)
	return u.err
}

// head is all of Facts but the long lists. It is the first element of a release.
type head struct{}

// headed is what a head is made of. The lines of the changelog's sections move with every release while the sections
// stay as they are, so that they stand here and not in the sections.
type headed struct {
	*Facts

	changelogLines []int
}

func (head) pack(releases []*Facts, words *words) []element {
	out := make([]element, len(releases))
	for n, f := range releases {
		h := headed{f, make([]int, len(f.Changelog))}
		for i, r := range f.Changelog {
			h.changelogLines[i] = r.Line
		}
		w := wire{words: words}
		h.fields(&w)
		out[n] = element{body: w.out, releases: []int{n}}
	}
	return out
}

func (head) grow(*Facts, int) {}

func (head) unpack(u *unpacked, e packed) error {
	h := headed{Facts: u.facts}
	h.fields(u.open(e))
	u.changelogLines = h.changelogLines
	return u.err
}

// changelogSection is the list of the changelog's sections without their lines.
type changelogSection struct{ list[Release] }

func (c changelogSection) pack(releases []*Facts, words *words) []element {
	without := make([]*Facts, len(releases))
	for n, f := range releases {
		without[n] = &Facts{Changelog: slices.Clone(f.Changelog)}
		for i := range without[n].Changelog {
			without[n].Changelog[i].Line = 0
		}
	}
	return c.list.pack(without, words)
}

func (c changelogSection) unpack(u *unpacked, e packed) error {
	if err := c.list.unpack(u, e); err != nil {
		return err
	}
	n := len(u.facts.Changelog)
	if n > len(u.changelogLines) {
		return fmt.Errorf("%d sections of a changelog with %d lines", n, len(u.changelogLines))
	}
	u.facts.Changelog[n-1].Line = u.changelogLines[n-1]
	return nil
}
