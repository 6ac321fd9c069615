package fleet

import "time"

// Budget is what GitHub last said of an account's rate limit.
type Budget struct {
	// Limit is how many requests an hour there are, Remaining how many of them
	// are left until Reset. A zero Limit: nothing is known yet.
	Limit, Remaining int
	Reset            time.Time
}

// Reserve is the part of a limit that a pass leaves to people's commands and
// to the changes that are under way: a twentieth.
const Reserve = 20

// spent tells that nothing more is to be begun before the reset.
func (b Budget) spent(now time.Time) bool {
	return b.Limit > 0 && now.Before(b.Reset) && b.Remaining < max(b.Limit/Reserve, 1)
}
