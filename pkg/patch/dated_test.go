package patch

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// TestGuardsLoseNoDate holds the patterns of dates and release numbers against the cheap looks that stand before them: what a
// pattern finds, its look lets through.
func TestGuardsLoseNoDate(t *testing.T) {
	t.Parallel()

	pieces := []string{
		"2025", "20", "7", "12", "-", "/", ".", " ", ",", "Jan", "september", "of", "1st", "v", "4.4.3", "4", "4.5", "-rc.1", "nightly.2025-01-02",
		"released", "Mastodon", "#", "*", "`", "(", ")", "\n", "0001",
	}
	r := rand.New(rand.NewPCG(1, 2)) // the same texts each time
	dates, numbers := 0, 0

	for range 20_000 {
		var b strings.Builder
		for range 1 + r.IntN(8) {
			b.WriteString(pieces[r.IntN(len(pieces))])
		}

		s := b.String()

		if date.MatchString(s) {
			dates++

			if !dated(s) {
				t.Errorf("%q is dated", s)
			}
		}

		if releaseNumber.MatchString(s) || firstNumber.MatchString(s) || headingOnly.MatchString(s) {
			numbers++

			if !hasNumber(s) {
				t.Errorf("%q has a number", s)
			}
		}
	}

	if dates < 100 || numbers < 100 {
		t.Errorf("%d dates and %d numbers prove little", dates, numbers)
	}
}
