package facts

import (
	"encoding/json"
	"slices"
)

// list is a list of Facts whose elements releases share.
type list[T any] struct {
	name    string
	of      func(*Facts) *[]T
	compare func(a, b T) int
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

func (l list[T]) unpack(f *Facts, value []byte) error {
	var v T
	if err := json.Unmarshal(value, &v); err != nil {
		return err
	}
	to := l.of(f)
	*to = append(*to, v)
	return nil
}

// head is all of Facts but the long lists. It is the first line of a release.
type head struct{}

func (head) kind() string { return "head" }

func (head) pack(releases []*Facts) ([]packed, error) {
	out := make([]packed, len(releases))
	for n, f := range releases {
		h := *f
		h.Schema.Tables, h.Schema.Views, h.Migrations, h.Environment, h.Changelog = nil, nil, nil, nil, nil
		text, err := json.Marshal(h)
		if err != nil {
			return nil, err
		}
		out[n] = packed{json: text, releases: []int{n}}
	}
	return out, nil
}

func (head) unpack(f *Facts, value []byte) error { return json.Unmarshal(value, f) }
