package severity_test

import (
	"testing"

	"github.com/goingdark-social/bot/pkg/severity"
)

func TestLevelsAreOrdered(t *testing.T) {
	t.Parallel()

	all := severity.All()
	for i, worse := range all {
		for j, better := range all {
			if got := worse.AtLeast(better); got != (i <= j) {
				t.Errorf("%s is at least %s: %v", worse, better, got)
			}
		}
	}
}
