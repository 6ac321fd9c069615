package notify

import (
	"errors"
	"time"
)

// ErrQuiet is why a target sends nothing just now. It is no failure: the event waits in the ledger for the next Deliver.
var ErrQuiet = errors.New("these are quiet hours")

// Quiet are the hours of each day in which people are left alone; the zero value is none.
type Quiet struct {
	// From and To are the time since midnight; To is before From where midnight lies between.
	From, To time.Duration
	// Location is where it is that time. Default: UTC.
	Location *time.Location
}

// at says whether a moment is in the quiet hours.
func (q Quiet) at(now time.Time) bool {
	if q.Location == nil {
		q.Location = time.UTC
	}
	now = now.In(q.Location)
	clock := time.Duration(now.Hour())*time.Hour + time.Duration(now.Minute())*time.Minute
	if q.From <= q.To {
		return q.From <= clock && clock < q.To
	}
	return clock >= q.From || clock < q.To
}
