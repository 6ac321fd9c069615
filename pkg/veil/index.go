package veil

import (
	"cmp"
	"slices"
	"strings"
)

// head is how many bytes of a form are looked up at once: as many as the
// shortest secret has, and as fit a uint64.
const head = shortest

// index finds the forms of secrets in a text in one walk over it, all that are
// there: also those that begin within another.
type index struct {
	heads  map[uint64][]string // forms by their first bytes, the longest first
	filter [1 << filterBits / 64]uint64
}

// filterBits makes a table of 8 KiB, which stays in the fastest of caches: most
// places of a text are known there to begin no form.
const filterBits = 16

func newIndex(of ...*memory) *index {
	x := &index{heads: map[uint64][]string{}}

	for _, m := range of {
		for _, s := range m.secrets {
			for _, f := range s.forms {
				x.add(f)
			}
		}
	}

	for _, forms := range x.heads {
		slices.SortFunc(forms, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	}

	return x
}

func (x *index) add(form string) {
	var window uint64
	for i := range head {
		window = window<<8 | uint64(form[i])
	}

	word, bit := slot(window)
	x.filter[word] |= bit
	x.heads[window] = append(x.heads[window], form)
}

// slot is where the filter notes a head.
func slot(window uint64) (word, bit uint64) {
	const golden = 0x9e3779b97f4a7c15 // 2^64 by the golden ratio: Knuth's multiplicative hashing

	n := window * golden >> (64 - filterBits)

	return n / 64, 1 << (n % 64)
}

// span is a part of a text: the bytes from the first up to, not with, the last.
type span struct{ from, upto int }

// find adds where the forms are in a text, which is in lower case as they are.
func (x *index) find(text string, into []span) []span {
	var window uint64

	for i := range len(text) {
		window = window<<8 | uint64(text[i])

		word, bit := slot(window)
		if x.filter[word]&bit == 0 || i < head-1 {
			continue
		}

		from := i - (head - 1)

		for _, f := range x.heads[window] {
			if strings.HasPrefix(text[from:], f) {
				into = append(into, span{from, from + len(f)})

				break // the others are shorter
			}
		}
	}

	return into
}

// without is a text with [Hidden] in the place of its spans.
func without(text string, spans []span) string {
	if len(spans) == 0 {
		return text
	}

	slices.SortFunc(spans, func(a, b span) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.upto, b.upto)) })

	var (
		out  strings.Builder
		upto = 0
	)

	for i, s := range spans {
		if i == 0 || s.from > upto {
			out.WriteString(text[upto:s.from])
			out.WriteString(Hidden)
		}

		upto = max(upto, s.upto)
	}

	out.WriteString(text[upto:])

	return out.String()
}
