package notes

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goingdark-social/bot/pkg/upstream/facts"
)

// What PostgreSQL's manual says of each operation: ALTER TABLE and CREATE INDEX on locks and rewrites.
func TestRisk(t *testing.T) {
	t.Parallel()
	yes, no := true, false
	for _, c := range []struct {
		name    string
		op      facts.Operation
		earlier []facts.Operation
		later   []facts.Operation
		alone   bool // not in a transaction
		want    effect
	}{
		{"index", facts.Operation{Kind: facts.AddIndex}, nil, nil, true, effect{share, false, Blocking}},
		{"index concurrently", facts.Operation{Kind: facts.AddIndex, Concurrent: true}, nil, nil, true, effect{shareUpdateExclusive, false, Slow}},
		{"index gone", facts.Operation{Kind: facts.RemoveIndex}, nil, nil, true, effect{accessExclusive, false, Brief}},
		{"index gone concurrently", facts.Operation{Kind: facts.RemoveIndex, Concurrent: true}, nil, nil, true, effect{shareUpdateExclusive, false, Brief}},
		{"reindex", facts.Operation{Kind: facts.Reindex}, nil, nil, true, effect{share, false, Blocking}},
		{"column", facts.Operation{Kind: facts.AddColumn, Type: "string"}, nil, nil, false, effect{accessExclusive, false, Brief}},
		{"column with a constant", facts.Operation{Kind: facts.AddColumn, Default: new("0"), Null: &no}, nil, nil, false, effect{accessExclusive, false, Brief}},
		{"column, volatile", facts.Operation{Kind: facts.AddColumn, Default: new("gen_random_uuid()"), Volatile: true}, nil, nil, false, effect{accessExclusive, true, Blocking}},
		{"type", facts.Operation{Kind: facts.ChangeColumn, Columns: []string{"number"}, Type: "bigint"}, nil, nil, false, effect{accessExclusive, true, Blocking}},
		{"the same type", facts.Operation{Kind: facts.ChangeColumn, Columns: []string{"number"}, Type: "integer"}, nil, nil, false, effect{accessExclusive, false, Brief}},
		{"string to text", facts.Operation{Kind: facts.ChangeColumn, Columns: []string{"word"}, Type: "text"}, nil, nil, false, effect{accessExclusive, false, Brief}},
		{"text to string", facts.Operation{Kind: facts.ChangeColumn, Columns: []string{"long"}, Type: "string"}, nil, nil, false, effect{accessExclusive, true, Blocking}},
		{"not null", facts.Operation{Kind: facts.ChangeNull, Null: &no}, nil, nil, false, effect{accessExclusive, false, Blocking}},
		{"not null, vouched for", facts.Operation{Kind: facts.ChangeNull, Null: &no}, []facts.Operation{{Kind: facts.ValidateCheck, Table: "statuses"}}, nil, false, effect{accessExclusive, false, Brief}},
		{"not null, another table vouched for", facts.Operation{Kind: facts.ChangeNull, Null: &no}, []facts.Operation{{Kind: facts.ValidateCheck, Table: "accounts"}}, nil, false, effect{accessExclusive, false, Blocking}},
		{"null", facts.Operation{Kind: facts.ChangeNull, Null: &yes}, nil, nil, false, effect{accessExclusive, false, Brief}},
		{"default", facts.Operation{Kind: facts.ChangeDefault}, nil, nil, false, effect{accessExclusive, false, Brief}},
		{"check", facts.Operation{Kind: facts.AddCheck}, nil, nil, false, effect{accessExclusive, false, Blocking}},
		{"check not validated", facts.Operation{Kind: facts.AddCheck, NotValidated: true}, nil, nil, false, effect{accessExclusive, false, Brief}},
		{"validate", facts.Operation{Kind: facts.ValidateCheck}, nil, nil, false, effect{shareUpdateExclusive, false, Slow}},
		{"foreign key", facts.Operation{Kind: facts.AddForeignKey, To: "accounts"}, nil, nil, false, effect{shareRowExclusive, false, Blocking}},
		{"foreign key not validated", facts.Operation{Kind: facts.AddForeignKey, To: "accounts", NotValidated: true}, nil, nil, false, effect{shareRowExclusive, false, Brief}},
		{"drop", facts.Operation{Kind: facts.DropTable}, nil, nil, false, effect{accessExclusive, false, Brief}},
		{"rows", facts.Operation{Kind: facts.Data}, nil, nil, true, effect{noLock, false, Slow}},
		{"rows in a transaction", facts.Operation{Kind: facts.Data}, nil, nil, false, effect{rowLocks, false, Slow}},
		{"unread", facts.Operation{Kind: facts.Other}, nil, nil, false, effect{noLock, false, Uncertain}},
		{"held while rows change", facts.Operation{Kind: facts.AddColumn}, nil, []facts.Operation{{Kind: facts.Data, Table: "statuses"}}, false, effect{accessExclusive, false, Blocking}},
		{"not held without a transaction", facts.Operation{Kind: facts.AddColumn}, nil, []facts.Operation{{Kind: facts.Data, Table: "statuses"}}, true, effect{accessExclusive, false, Brief}},
		{"after the rows", facts.Operation{Kind: facts.RemoveColumn}, []facts.Operation{{Kind: facts.Data, Table: "statuses"}}, nil, false, effect{accessExclusive, false, Brief}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.op.Table = "statuses"
			m := &facts.Migration{Transaction: !c.alone}
			m.Operations = append(append(append(m.Operations, c.earlier...), c.op), c.later...)
			schema := &facts.Schema{Tables: []facts.Table{{Name: "accounts"}, {Name: "statuses", Columns: []facts.Column{
				{Name: "long", Type: "text"}, {Name: "number", Type: "integer"}, {Name: "word", Type: "string"},
			}}}}
			if got := (context{schema, m, len(c.earlier)}).held(c.op); got != c.want {
				t.Errorf("%+v, want %+v", got, c.want)
			}
			if got := (context{&facts.Schema{}, m, len(c.earlier)}).judge(c.op); got.risk.rank() > Slow.rank() {
				t.Errorf("on a table that is made on the way: %+v", got)
			}
		})
	}
}

// Big tables are flagged where they wait or are read whole, a foreign key's target too, and what a migration says about how
// long it takes does not count.
func TestBigTables(t *testing.T) {
	t.Parallel()
	m := facts.Migration{
		Version: "1", File: "db/migrate/1_a.rb", Phase: facts.Pre, Operations: []facts.Operation{
			{Kind: facts.AddColumn, Table: "statuses", Columns: []string{"c"}, Line: 4},
			{Kind: facts.AddIndex, Table: "statuses", Columns: []string{"c"}, Line: 5},
			{Kind: facts.AddForeignKey, Table: "cards", Columns: []string{"account_id"}, To: "accounts", Line: 6},
			{Kind: facts.AddColumn, Table: "mentions", Columns: []string{"c"}, Line: 7},
		},
	}
	old := release("v4.4.3", "")
	old.Schema.Tables = []facts.Table{{Name: "accounts"}, {Name: "cards"}, {Name: "mentions"}, {Name: "statuses"}}
	n := judge(old, release("v4.5.0", "", m))
	want := []Change{
		{Migration: "1_a.rb", Phase: Pre, Table: "statuses", Does: "add column c; add index (c)", Lock: share, Risk: Blocking, Big: []string{"statuses"}, Source: "db/migrate/1_a.rb:5"},
		{Migration: "1_a.rb", Phase: Pre, Table: "cards", Does: "add foreign key (account_id) to accounts", Lock: shareRowExclusive, Risk: Blocking, Big: []string{"accounts"}, Source: "db/migrate/1_a.rb:6"},
		{Migration: "1_a.rb", Phase: Pre, Table: "mentions", Does: "add column c", Lock: accessExclusive, Risk: Brief, Big: []string{}, Source: "db/migrate/1_a.rb:7"},
	}
	if diff := cmp.Diff(want, n.Changes); diff != "" {
		t.Error(diff)
	}
	if got := strings.Count(n.Text(), "table-blocked"); got != 2 {
		t.Errorf("%d tables are said to block:\n%s", got, n.Text())
	}
}
