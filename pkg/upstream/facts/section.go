package facts

import (
	"encoding/json"
	"fmt"
	"slices"
)

// list is a list of Facts whose elements releases share.
type list[T any] struct {
	name    string
	of      func(*Facts) *[]T
	compare func(a, b T) int
	normal  func(*T)
}

func (l list[T]) kind() string { return l.name }

// pack writes every distinct element once, in the order that each release has them in.
func (l list[T]) pack(releases []*Facts) ([]packed, error) {
	type element struct {
		packed

		value T
	}
	var elements []*element
	known := map[string]*element{}
	for n, f := range releases {
		for _, value := range *l.of(f) {
			text, err := json.Marshal(value)
			if err != nil {
				return nil, err
			}
			e := known[string(text)]
			if e == nil {
				e = &element{packed{json: text}, value}
				known[string(text)] = e
				elements = append(elements, e)
			}
			e.releases = append(e.releases, n)
		}
	}
	slices.SortStableFunc(elements, func(a, b *element) int { return l.compare(a.value, b.value) })
	out := make([]packed, len(elements))
	for i, e := range elements {
		out[i] = e.packed
	}
	return out, nil
}

func (l list[T]) unpack(u *unpacked, number int, value []byte) error {
	v, known := u.decoded[number].(*T)
	if !known {
		v = new(T)
		if err := json.Unmarshal(value, v); err != nil {
			return err
		}
		l.normal(v) // here, and not when a release is whole: others may be reading it by then
		if u.decoded != nil {
			u.decoded[number] = v
		}
	}
	to := l.of(u.facts)
	*to = append(*to, *v)
	return nil
}

// head is all of Facts but the long lists. It is the first line of a release.
type head struct{}

// headText is the text of a head. The lines of the changelog's sections move with every release while the sections
// stay as they are, so that they stand here and not in the sections.
type headText struct {
	*Facts

	ChangelogLines []int `json:"changelog_lines"`
}

func (head) kind() string { return "head" }

func (head) pack(releases []*Facts) ([]packed, error) {
	out := make([]packed, len(releases))
	for n, f := range releases {
		h := *f
		h.Schema.Tables, h.Schema.Views, h.Migrations, h.Environment, h.Changelog = nil, nil, nil, nil, nil
		lines := make([]int, len(f.Changelog))
		for i, r := range f.Changelog {
			lines[i] = r.Line
		}
		text, err := json.Marshal(headText{&h, lines})
		if err != nil {
			return nil, err
		}
		out[n] = packed{json: text, releases: []int{n}}
	}
	return out, nil
}

func (head) unpack(u *unpacked, _ int, value []byte) error {
	h := headText{Facts: u.facts}
	err := json.Unmarshal(value, &h)
	u.changelogLines = h.ChangelogLines
	return err
}

// changelogSection is the list of the changelog's sections without their lines.
type changelogSection struct{ list[Release] }

func (c changelogSection) pack(releases []*Facts) ([]packed, error) {
	without := make([]*Facts, len(releases))
	for n, f := range releases {
		without[n] = &Facts{Changelog: slices.Clone(f.Changelog)}
		for i := range without[n].Changelog {
			without[n].Changelog[i].Line = 0
		}
	}
	return c.list.pack(without)
}

func (c changelogSection) unpack(u *unpacked, number int, value []byte) error {
	if err := c.list.unpack(u, number, value); err != nil {
		return err
	}
	n := len(u.facts.Changelog)
	if n > len(u.changelogLines) {
		return fmt.Errorf("%d sections of a changelog with %d lines", n, len(u.changelogLines))
	}
	u.facts.Changelog[n-1].Line = u.changelogLines[n-1]
	return nil
}
