package schemarb_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goingdark-social/bot/pkg/upstream/facts"
	"github.com/goingdark-social/bot/pkg/upstream/internal/schemarb"
)

func schema(lines ...string) string {
	return "# comment\nActiveRecord::Schema[8.0].define(version: 2025_06_27_132728) do\n" + strings.Join(lines, "\n") + "\nend\n"
}

func TestEveryForm(t *testing.T) {
	t.Parallel()
	got, err := schemarb.Parse(schema(
		`  enable_extension "pg_catalog.plpgsql"`,
		`  create_table "posts", id: :bigint, default: -> { "timestamp_id('posts'::text)" }, force: :cascade do |t|`,
		`    t.string "title", default: "", null: false`,
		`    t.decimal "score", precision: 10, scale: 2`,
		`    t.integer "kind", limit: 2, default: 0`,
		`    t.string "langs", default: [], null: false, array: true`,
		`    t.datetime "made_at", precision: nil`,
		`    t.index "lower('\"char\"'), COALESCE(kind, (0)::bigint)", name: "on_sql", unique: true, using: :gin`,
		`    t.index ["kind", "id"], name: "on_kind", order: { id: :desc }, where: "(kind IS NOT NULL)"`,
		`    t.index ["title"], name: "on_title", opclass: :text_pattern_ops`,
		`    t.check_constraint "kind > 0", name: "positive"`,
		`  end`,
		`  create_table "pairs", primary_key: ["b", "a"], force: :cascade do |t|`,
		`    t.bigint "a", null: false`,
		`    t.bigint "b", null: false`,
		`  end`,
		`  create_table "named", primary_key: "key", id: :string, force: :cascade do |t|`,
		`  end`,
		`  create_table "bare", id: false, force: :cascade do |t|`,
		`  end`,
		`  add_foreign_key "pairs", "posts", column: "a", name: "fk_a", on_delete: :cascade, validate: false`,
		`  add_foreign_key "pairs", "statuses"`,
		`  create_view "tops", materialized: true, sql_definition: <<-SQL`,
		`      SELECT 'end' AS x -- ENV['X']`,
		`  SQL`,
		`  add_index "tops", ["x"], name: "on_x", unique: true`,
		`  add_index "tops", "reverse(('.'::text || x))", name: "on_reverse"`,
	))
	if err != nil {
		t.Fatal(err)
	}
	want := facts.Schema{
		Version: "20250627132728", Format: "8.0", Extensions: []string{"plpgsql"},
		Tables: []facts.Table{
			{Name: "bare", PrimaryKey: []string{}},
			{Name: "named", PrimaryKey: []string{"key"}, Columns: []facts.Column{{Name: "key", Type: "string"}}},
			{
				Name: "pairs", PrimaryKey: []string{"b", "a"},
				Columns: []facts.Column{{Name: "a", Type: "bigint"}, {Name: "b", Type: "bigint"}},
				ForeignKeys: []facts.ForeignKey{
					{Column: "a", To: "posts", Name: "fk_a", OnDelete: "cascade", NotValidated: true},
					{Column: "status_id", To: "statuses"},
				},
			},
			{
				Name: "posts", PrimaryKey: []string{"id"},
				Columns: []facts.Column{
					{Name: "id", Type: "bigint", Default: new("timestamp_id('posts'::text)"), DefaultSQL: true},
					{Name: "kind", Type: "integer", Null: true, Limit: new(2), Default: new("0")},
					{Name: "langs", Type: "string", Default: new("[]"), Array: true},
					{Name: "made_at", Type: "datetime", Null: true},
					{Name: "score", Type: "decimal", Null: true, Precision: new(10), Scale: new(2)},
					{Name: "title", Type: "string", Default: new("")},
				},
				Indexes: []facts.Index{
					{Name: "on_kind", Columns: []string{"kind", "id"}, Order: map[string]string{"id": "desc"}, Where: "(kind IS NOT NULL)"},
					{Name: "on_sql", Columns: []string{}, Expression: `lower('"char"'), COALESCE(kind, (0)::bigint)`, Unique: true, Using: "gin"},
					{Name: "on_title", Columns: []string{"title"}, OperatorClass: map[string]string{"*": "text_pattern_ops"}},
				},
				Checks: []facts.Check{{Name: "positive", Expression: "kind > 0"}},
			},
		},
		Views: []facts.View{{
			Name: "tops", Materialized: true, Digest: got.Views[0].Digest,
			Indexes: []facts.Index{
				{Name: "on_reverse", Columns: []string{}, Expression: "reverse(('.'::text || x))"},
				{Name: "on_x", Columns: []string{"x"}, Unique: true},
			},
		}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestUnknownIsAnErrorWithItsLine(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`  create_enum "mood", ["a"]`:                                               `line 3: unknown statement "create_enum"`,
		"  create_table \"a\" do |t|\n    t.frob \"b\"\n  end":                      `line 4: unknown column type or statement "frob" in the table "a"`,
		"  create_table \"a\" do |t|\n    t.string \"b\", odd: 1\n end":             `line 4: string: unknown option odd: 1`,
		"  create_table \"a\" do |t|\n    x.string \"b\"\n  end":                    `line 4: unknown statement x.string in the table "a"`,
		`  add_index "nowhere", ["a"], name: "b"`:                                   `line 3: add_index on "nowhere", which is neither a table nor a view above it`,
		"  create_table \"a\" do |t|\n    t.integer \"b\", default: rand(3)\n  end": `line 4: integer: option default is rand(3), want a literal or a lambda`,
		"  create_table \"a\"\n  create_table \"a\"":                                `line 4: table "a" a second time`,
		`  if x`:      `line 3: unknown statement "if"`,
		"end\nputs 1": `line 4: "puts" behind the end of the schema`,
	} {
		_, err := schemarb.Parse(schema(in))
		if err == nil || err.Error() != want {
			t.Errorf("%s\n got %v\nwant %s", in, err, want)
		}
	}
	for _, in := range []string{"", "x", "ActiveRecord::Schema[8.0].define(version: 1) do\n", "ActiveRecord::Schema.define(version: 1) do |"} {
		if _, err := schemarb.Parse(in); err == nil {
			t.Errorf("%q is no error", in)
		}
	}
	_, err := schemarb.Parse(schema("  create_join_table 1"))
	if e, ok := errors.AsType[*schemarb.Error](err); !ok || e.Line != 3 {
		t.Errorf("%v is not typed", err)
	}
}

func TestOrderDoesNotMatter(t *testing.T) {
	t.Parallel()
	a, errA := schemarb.Parse(schema(`create_table "a" do |t|`, `t.string "x"`, `t.string "y"`, "end", `create_table "b"`))
	b, errB := schemarb.Parse(schema(`create_table "b"`, `create_table "a" do |t|`, `t.string "y"`, `t.string "x"`, "end"))
	if err := errors.Join(errA, errB); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(a, b); diff != "" {
		t.Error(diff)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(schema(`create_table "a", force: :cascade do |t|`, `t.string "x", default: -> { "now()" }`, `t.index ["x"], name: "i"`, "end"))
	f.Add(schema(`create_view "v", sql_definition: <<-SQL`, "SELECT 1", "SQL", `add_index "v", ["a"], name: "b"`))
	f.Add("ActiveRecord::Schema[7.1].define(version: 1) do |")
	f.Add("x.y(")
	f.Fuzz(func(t *testing.T, src string) {
		s, err := schemarb.Parse(src)
		if err == nil && s.Version == "" {
			t.Error("a schema without a version")
		}
	})
}
