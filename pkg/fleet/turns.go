package fleet

import "slices"

// turns says whose turn it is: accounts take turns, each with its repositories
// in their order, so that one with a thousand holds back none with two.
type turns struct {
	limit    int
	accounts []*account // those with repositories left, the next first
}

type account struct {
	name    string
	waiting []Member
	working int
}

// newTurns orders a fleet; those in first come before the others of their
// account, since they had to wait the last time.
func newTurns(members []Member, limit int, first map[string]bool) *turns {
	t := &turns{limit: limit}
	known := map[string]*account{}

	for _, m := range members {
		a := known[m.Account]
		if a == nil {
			a = &account{name: m.Account}
			known[m.Account] = a
			t.accounts = append(t.accounts, a)
		}

		a.waiting = append(a.waiting, m)
	}

	for _, a := range t.accounts {
		slices.SortStableFunc(a.waiting, func(x, y Member) int { return rank(first[y.Name]) - rank(first[x.Name]) })
	}

	return t
}

func rank(first bool) int {
	if first {
		return 1
	}

	return 0
}

// next takes the first repository of the first account that may have another
// at once, and sends that account to the end of the line.
func (t *turns) next() (*account, Member, bool) {
	for i, a := range t.accounts {
		if a.working >= t.limit {
			continue
		}

		m := a.waiting[0]
		a.waiting = a.waiting[1:]
		a.working++

		t.accounts = slices.Delete(t.accounts, i, i+1)
		if len(a.waiting) > 0 {
			t.accounts = append(t.accounts, a)
		}

		return a, m, true
	}

	return nil, Member{}, false
}

// drop takes an account out of the line with all that it has left.
func (t *turns) drop(a *account) []Member {
	t.accounts = slices.DeleteFunc(t.accounts, func(other *account) bool { return other == a })
	left := a.waiting
	a.waiting = nil

	return left
}

// rest is all that has not been begun.
func (t *turns) rest() []Member {
	var out []Member
	for _, a := range t.accounts {
		out = append(out, a.waiting...)
	}

	t.accounts = nil

	return out
}
