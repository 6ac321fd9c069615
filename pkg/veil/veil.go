package veil

import (
	"cmp"
	"slices"
	"strings"
	"sync"
)

const (
	// Hidden stands where a secret was.
	Hidden = "[redacted]"
	// mostKept and mostPassing are how many are remembered of what was told and
	// of what was seen in requests: a token of an App is good for an hour.
	mostKept, mostPassing = 256, 64
)

// Veil hides secrets. The zero value knows none, and nil hides nothing. It is
// safe for concurrent use.
type Veil struct {
	mu       sync.RWMutex
	kept     []string // what was told, the oldest first
	passing  []string // what was seen in requests, the latest used last
	forms    []string // every spelling of each, the longest first
	replacer *strings.Replacer
}

// Keep makes secrets known, each whole and in parts that are secret alone: the
// lines of a key, the password in an address. One that is too plain to be told
// from words, [Plain], is not hidden.
func (v *Veil) Keep(secrets ...string) { v.learn(false, mostKept, secrets) }

// pass makes known what was seen in a request.
func (v *Veil) pass(secrets ...string) { v.learn(true, mostPassing, secrets) }

func (v *Veil) learn(passing bool, most int, secrets []string) {
	if v == nil {
		return
	}

	v.mu.Lock()
	defer v.mu.Unlock()

	into, fresh := &v.kept, false
	if passing {
		into = &v.passing
	}

	for _, s := range secrets {
		if Plain(s) || slices.Contains(v.kept, s) {
			continue
		}

		at := slices.Index(*into, s)
		if at >= 0 {
			*into = append(slices.Delete(*into, at, at+1), s)

			continue
		}

		*into = append(*into, s)
		*into = (*into)[max(0, len(*into)-most):]
		fresh = true
	}

	if fresh {
		v.forms = forms(append(slices.Clone(v.kept), v.passing...))
		v.replacer = replacer(v.forms)
	}
}

// forms are all spellings of all parts, the longest first.
func forms(secrets []string) []string {
	var all []string

	for _, s := range secrets {
		for _, part := range parts(s) {
			all = append(all, spellings(part)...)
		}
	}

	slices.SortFunc(all, func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), strings.Compare(a, b)) })

	return slices.Compact(all)
}

func replacer(forms []string) *strings.Replacer {
	pairs := make([]string, 0, 2*len(forms))
	for _, f := range forms {
		pairs = append(pairs, f, Hidden)
	}

	return strings.NewReplacer(pairs...)
}

// Hide is text without the secrets, also where line breaks part them.
func (v *Veil) Hide(text string) string {
	if v == nil {
		return text
	}

	v.mu.RLock()
	r, forms := v.replacer, v.forms
	v.mu.RUnlock()

	if r == nil {
		return text
	}

	text = r.Replace(text)

	folded, at := fold(text)
	if at == nil || r.Replace(folded) == folded {
		return text
	}

	return unfold(text, folded, at, forms)
}
