package notes

import (
	"strings"
	"testing"

	"github.com/goingdark-social/bot/pkg/upstream/facts"
	"github.com/goingdark-social/bot/pkg/version"
)

func TestRowCount(t *testing.T) {
	t.Parallel()
	for rows, want := range map[int64]string{
		0: "fewer than 1,000 rows", 999: "fewer than 1,000 rows", 1000: "about 1.0 k rows", 12_345: "about 12 k rows",
		123_456: "about 120 k rows", 999_999: "about 1000 k rows", 1_234_567: "about 1.2 M rows", 12_345_678: "about 12 M rows",
		456_000_000: "about 460 M rows", 2_100_000_000: "about 2.1 G rows",
	} {
		if got := RowCount(rows); got != want {
			t.Errorf("%d: %q, want %q", rows, got, want)
		}
	}
}

func TestSizesSharpenTheWarnings(t *testing.T) {
	t.Parallel()
	m := facts.Migration{
		Version: "1", File: "db/migrate/1_a.rb", Phase: facts.Pre, Transaction: true, Operations: []facts.Operation{
			{Kind: facts.AddIndex, Table: "statuses", Columns: []string{"c"}, Line: 5},
			{Kind: facts.AddIndex, Table: "tombs", Columns: []string{"c"}, Line: 6},
		},
	}
	from, to := release("v4.3.9", ""), release("v4.4.0", "", m)
	from.Schema.Tables = []facts.Table{{Name: "statuses"}, {Name: "tombs"}}
	in := Input{From: []string{"v4.3.9"}, To: version.Parse("v4.4.0"), FromFacts: from, ToFacts: to}
	if n := Between(in); strings.Contains(n.Markdown(), " rows") || strings.Contains(n.Markdown(), "`tombs` **big**") {
		t.Errorf("sizes that nobody told:\n%s", n.Markdown())
	}
	in.Rows = map[string]int64{"statuses": 12_345_678, "tombs": 2_000_000, "users": 7}
	n := Between(in)
	for _, want := range []string{"statuses (about 12 M rows here)", "tombs (about 2.0 M rows here)", "`statuses`: about 12 M rows here"} {
		if !strings.Contains(n.Markdown(), want) {
			t.Errorf("%q is not in\n%s", want, n.Markdown())
		}
	}
	if !strings.Contains(n.Text(), "big: statuses (about 12 M rows here)") {
		t.Error(n.Text())
	}
	if len(n.Rows) != 2 {
		t.Errorf("rows %v", n.Rows)
	}
}
