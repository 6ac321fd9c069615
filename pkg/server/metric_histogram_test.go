package server

import (
	"strings"
	"testing"
)

func TestAHistogramAddsUpFromItsLowestBound(t *testing.T) {
	t.Parallel()

	m := &metrics{}
	h := m.family("x_seconds", "histogram", "X.").histogram([]float64{0.5, 1, 10})

	for _, v := range []float64{0.25, 0.5, 0.75, 99} {
		h.observe(v)
	}

	var page strings.Builder

	m.families[0].write(&page)

	for _, line := range []string{
		"# HELP x_seconds X.", "# TYPE x_seconds histogram",
		`x_seconds_bucket{le="0.5"} 2`, `x_seconds_bucket{le="1"} 3`, `x_seconds_bucket{le="10"} 3`, `x_seconds_bucket{le="+Inf"} 4`,
		"x_seconds_sum 100.5", "x_seconds_count 4",
	} {
		if !strings.Contains(page.String(), line+"\n") {
			t.Errorf("no line %s in\n%s", line, page.String())
		}
	}
}

func TestALabelsValueIsEscaped(t *testing.T) {
	t.Parallel()

	if got, want := labels("a", "x\"\\\ny", "b", "z"), `{a="x\"\\\ny",b="z"}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
