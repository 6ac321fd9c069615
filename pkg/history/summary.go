package history

import (
	"slices"
	"time"
)

// Summary is the story in numbers.
type Summary struct {
	// Upgrades are moves forward. Dated are those with a lag: how long after
	// its release a version ran everywhere.
	Upgrades, Dated          int
	MedianLag, LongestLag    time.Duration
	MixedWindows             int
	MixedTotal, LongestMixed time.Duration
	// Security releases of the line in use, those that still wait included.
	Security, Waiting       int
	MedianWait, LongestWait time.Duration
}

// Summary sums the story up.
func (a Application) Summary(now time.Time) Summary {
	var lags, mixes, waits []time.Duration

	s := Summary{MixedWindows: len(a.Mixed), Security: len(a.Waits)}

	for _, u := range a.Upgrades {
		if !u.Back() {
			s.Upgrades++
		}

		if lag, ok := u.Lag(); ok {
			lags = append(lags, lag)
		}
	}

	for _, w := range a.Mixed {
		mixes = append(mixes, w.Span(now))
		s.MixedTotal += w.Span(now)
	}

	for _, w := range a.Waits {
		waits = append(waits, w.Span(now))

		if w.Open() {
			s.Waiting++
		}
	}

	s.Dated = len(lags)
	s.MedianLag, s.LongestLag = middle(lags)
	_, s.LongestMixed = middle(mixes)
	s.MedianWait, s.LongestWait = middle(waits)

	return s
}

// middle is the median and the longest; of an even number the lower median.
func middle(all []time.Duration) (median, longest time.Duration) {
	if len(all) == 0 {
		return 0, 0
	}

	slices.Sort(all)

	return all[(len(all)-1)/2], all[len(all)-1]
}
