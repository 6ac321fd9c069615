package status_test

import (
	"testing"
	"time"

	"github.com/goingdark-social/bot/pkg/severity"
	"github.com/goingdark-social/bot/pkg/status"
)

func TestWorst(t *testing.T) {
	t.Parallel()

	a := status.Application{Findings: []status.Finding{{Severity: severity.Info}, {Severity: severity.Warning}, {Severity: severity.Warning}}}

	if a.Worst() != severity.Warning || a.Count(severity.Warning) != 2 || a.Count(severity.Error) != 0 {
		t.Errorf("worst %q, %d warnings, %d errors", a.Worst(), a.Count(severity.Warning), a.Count(severity.Error))
	}

	if worst := (status.Application{}).Worst(); worst != "" {
		t.Errorf("without findings the worst is %q", worst)
	}
}

func TestAge(t *testing.T) {
	t.Parallel()

	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

	for _, c := range []struct {
		since time.Time
		want  time.Duration
	}{
		{now.Add(-36 * time.Hour), 36 * time.Hour},
		{time.Time{}, 0},
		{now.Add(time.Hour), 0}, // a clock that is ahead
	} {
		if got := (status.Waiting{Since: c.since}).Age(now); got != c.want {
			t.Errorf("since %s: %s, want %s", c.since, got, c.want)
		}
	}
}

func TestEven(t *testing.T) {
	t.Parallel()

	for _, c := range []struct {
		row  status.Row
		want bool
	}{
		{status.Row{Repository: []string{"v4.4.3"}}, true},
		{status.Row{Repository: []string{"v4.4.3"}, Cluster: []string{"v4.4.3"}, Live: true}, true},
		{status.Row{Repository: []string{"v4.4.3"}, Cluster: []string{"v4.4.2", "v4.4.3"}, Live: true}, false},
		{status.Row{Repository: []string{"v4.4.2", "v4.4.3"}}, false},
		{status.Row{}, false},
	} {
		if got := c.row.Even(); got != c.want {
			t.Errorf("%v: even %v", c.row, got)
		}
	}
}

func TestFailed(t *testing.T) {
	t.Parallel()

	r := status.Repository{Applications: []status.Application{{Name: "a"}, {Name: "b", Err: "no"}}}
	if b, ok := r.Application("b"); !ok || b.Err != "no" || !r.Failed() {
		t.Errorf("application b: %v, %v; failed %v", b, ok, r.Failed())
	}

	if _, ok := r.Application("c"); ok {
		t.Error("there is no application c")
	}
}
