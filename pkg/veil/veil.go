package veil

import "sync"

const (
	// Hidden stands where a secret was.
	Hidden = "[redacted]"
	// mostKept and mostPassing are how many are remembered of what was told and
	// of what was seen in requests. Whichever was used last goes last: tokens of
	// an App, which are good for an hour, must not push out what a run was given
	// once, at its start.
	mostKept, mostPassing = 1024, 512
)

// Veil hides secrets. The zero value knows none, and nil hides nothing. It is
// safe for concurrent use.
type Veil struct {
	mu      sync.RWMutex
	kept    memory // what was told
	passing memory // what was seen in requests
	index   *index // of every spelling of all of them; nil: to be made anew
}

// Keep makes secrets known that the run was given, each whole and in parts that
// are secret alone: the lines of a key, the password in an address. One that is
// too plain to be told from words, [Plain], is not hidden.
func (v *Veil) Keep(secrets ...string) {
	if v != nil {
		v.learn(&v.kept, mostKept, secrets)
	}
}

// Pass makes known what is good for a while, such as the tokens that a server
// gives: the oldest are forgotten where there are many.
func (v *Veil) Pass(secrets ...string) {
	if v != nil {
		v.learn(&v.passing, mostPassing, secrets)
	}
}

func (v *Veil) learn(into *memory, most int, secrets []string) {
	v.mu.Lock()
	defer v.mu.Unlock()

	for _, s := range secrets {
		if into != &v.kept && v.kept.use(s) || into.use(s) {
			continue
		}

		if forms := formsOf(s); len(forms) > 0 {
			into.add(s, forms, most)
			v.index = nil // whoever hides something next makes it
		}
	}
}

// Hide is text without the secrets, whatever their case, also where line breaks
// part them. Secrets that overlap are hidden as one.
func (v *Veil) Hide(text string) string {
	if v == nil || len(text) < head {
		return text
	}

	known := v.known()
	if len(known.heads) == 0 {
		return text
	}

	folded := lower(text)
	found := known.find(folded, nil)

	if whole, at := unbroken(folded); at != nil {
		for _, s := range known.find(whole, nil) {
			found = append(found, span{at[s.from], at[s.upto-1] + 1})
		}
	}

	return without(text, found)
}

// known is the index of all there is to hide.
func (v *Veil) known() *index {
	v.mu.RLock()
	x := v.index
	v.mu.RUnlock()

	if x != nil {
		return x
	}

	v.mu.Lock()
	defer v.mu.Unlock()

	if v.index == nil {
		v.index = newIndex(&v.kept, &v.passing)
	}

	return v.index
}
