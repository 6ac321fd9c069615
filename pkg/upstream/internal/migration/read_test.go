package migration_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goingdark-social/bot/pkg/upstream/facts"
	"github.com/goingdark-social/bot/pkg/upstream/internal/migration"
)

func line(o facts.Operation) string {
	parts := []string{string(o.Kind), o.Table}
	if len(o.Columns) > 0 {
		parts = append(parts, "("+strings.Join(o.Columns, " ")+")")
	}
	for _, s := range []string{o.Type, o.Index} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	if o.To != "" {
		parts = append(parts, "→"+o.To)
	}
	if o.Null != nil {
		parts = append(parts, fmt.Sprintf("null=%v", *o.Null))
	}
	if o.Default != nil {
		parts = append(parts, "default="+*o.Default)
	}
	for i, on := range []bool{o.Volatile, o.Unique, o.Concurrent, o.NotValidated} {
		if on {
			parts = append(parts, []string{"volatile", "unique", "concurrent", "unvalidated"}[i])
		}
	}
	return strings.Join(parts, " ")
}

func TestOperations(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ body, want string }{
		"table with a block":     {"create_table :a do |t|\n t.string :b\n t.index :b\nend\nadd_index :a, :b", "create_table a\nadd_index a (b)"},
		"join table":             {"create_join_table :tags, :accounts do |t|\nend", "create_table accounts_tags"},
		"column":                 {"add_column :a, :b, :string, null: false, default: 'x'", "add_column a (b) string null=false default=x"},
		"volatile default":       {`add_column :a, :b, :uuid, default: -> { "gen_random_uuid()" }`, "add_column a (b) uuid default=gen_random_uuid() volatile"},
		"default of the clock":   {`add_column :a, :b, :datetime, default: -> { "now()" }`, "add_column a (b) datetime default=now()"},
		"safety block":           {"safety_assured { change_column_null :a, :b, false }", "change_null a (b) null=false"},
		"index":                  {"add_index :a, [:b, :c], unique: true, algorithm: :concurrently, name: 'i'", "add_index a (b c) i unique concurrent"},
		"index on an expression": {"add_index :a, 'lower(b)', name: :i", "add_index a i"},
		"helper":                 {"update_index :a, 'i', :b, unique: true", "add_index a (b) i unique concurrent"},
		"type change":            {"change_column :a, :b, :bigint", "change_column a (b) bigint"},
		"reference": {
			"add_reference :a, :user, null: true, foreign_key: { to_table: :accounts, validate: false }, index: { algorithm: :concurrently }",
			"add_column a (user_id) bigint null=true\nadd_index a (user_id) concurrent\nadd_foreign_key a (user_id) →accounts unvalidated",
		},
		"change_table": {
			"change_table :a do |t|\n t.string :b, default: ''\n t.remove :c, :d\n t.rename :e, :f\n t.index :b\nend",
			"add_column a (b) string default=\nremove_column a (c d)\nrename_column a (e) →f\nadd_index a (b)",
		},
		"way down only counts up": {"reversible do |dir|\n dir.up { execute 'UPDATE a SET b = 1' }\n dir.down do\n  execute 'DELETE FROM a'\n end\nend", "data a"},
		"literal loop":            {"%i(a b).each do |t|\n add_column t, :c, :string\nend", "add_column a (c) string\nadd_column b (c) string"},
		"loop over a constant":    {"TABLES.each { |t| remove_index t, name: \"#{t}_i\" }", "remove_index x x_i\nremove_index y y_i"},
		"unreadable loop":         {"tables.each do |t|\n add_column t, :c, :string\nend", "add_column  (c) string"},
		"method of the file":      {"helper(:a)", "remove_column a (old)"},
		"data by model":           {"User.where(x: 1).in_batches.update_all(x: 2)", "data users"},
		"data in a loop":          {"Local.find_each do |r|\n r.update!(x: 1)\nend", "data local_rows"},
		"data by variable":        {"s = Setting.find_by(var: 'x')\ns.update_column('value', 1)", "data settings"},
		"data by method":          {"rows.find_each { |r| r.destroy }", "data users"},
		"plug-in's model":         {"Doorkeeper::Application.update_all(x: 1)", "data oauth_applications"},
		"sql": {
			"execute <<~SQL.squish\n  ALTER TABLE a ADD CONSTRAINT fk_x FOREIGN KEY (b) REFERENCES c(id) ON DELETE CASCADE NOT VALID, DROP CONSTRAINT fk_y;\n  CREATE UNIQUE INDEX CONCURRENTLY i ON a (lower(b), c)\nSQL",
			"add_foreign_key a (b) fk_x →c unvalidated\nremove_foreign_key a fk_y\nadd_index a i unique concurrent",
		},
		"sql with a query":     {"execute \"WITH x AS (SELECT 1) DELETE FROM a USING x\"", "data a"},
		"sql default":          {`execute("ALTER TABLE a ALTER COLUMN id SET DEFAULT timestamp_id('a')")`, "change_default a (id) default=timestamp_id('a')"},
		"a function":           {"execute <<~SQL\n CREATE OR REPLACE FUNCTION f() RETURNS void AS $$ BEGIN; UPDATE a; END; $$\nSQL", "function "},
		"unknown sql":          {"execute 'SELECT 1'", "sql "},
		"nothing that we know": {"redis.del('x')", "other "},
		"nothing":              {"# no more", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			src := "class Thing < ActiveRecord::Migration[8.0]\n  TABLES = %i(x y).freeze\n" +
				"  class Local < ApplicationRecord\n    self.table_name = :local_rows\n  end\n" +
				"  def up\n" + tc.body + "\n  end\n  def down\n    drop_table :never\n  end\n" +
				"  def helper(table)\n    remove_column table, :old\n  end\n  def rows\n    User.where(a: 1)\n  end\nend\n"
			m, err := migration.Read("db/migrate/20250102030405_thing.rb", src)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, o := range m.Operations {
				got = append(got, line(o))
			}
			if diff := cmp.Diff(tc.want, strings.Join(got, "\n")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestHeadOfAMigration(t *testing.T) {
	t.Parallel()
	m, err := migration.Read("db/post_migrate/20250102030405_glitch_thing.rb", `class GlitchThing < ActiveRecord::Migration[8.0]
  disable_ddl_transaction!

  def up
    drop_table :a
  end

  def down
    raise ActiveRecord::IrreversibleMigration
  end
end`)
	if err != nil {
		t.Fatal(err)
	}
	if m.Version != "20250102030405" || m.Name != "GlitchThing" || m.Transaction || !m.Irreversible || m.Operations[0].Line != 5 {
		t.Errorf("%+v", m)
	}
}

func TestNotAMigration(t *testing.T) {
	t.Parallel()
	for _, file := range []string{"db/migrate/.gitkeep", "db/migrate/20250102030405_x.rb.swp", "db/migrate/.20250102030405_x.rb", "db/migrate/README.md", "db/migrate/x.rb"} {
		if migration.IsMigration(file) {
			t.Errorf("%s is taken for a migration", file)
		}
	}
	for src, want := range map[string]string{"x = 'abc": ":1: literal without its end", "class A; end": "no class … < ActiveRecord::Migration"} {
		_, err := migration.Read("db/migrate/20250102030405_x.rb", src)
		if err == nil || !strings.Contains(err.Error(), "db/migrate/20250102030405_x.rb") || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", src, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add("class A < ActiveRecord::Migration[8.0]\ndef change\n add_index :a, :b\n X.each do |t|\n change_table t do |u|\n u.x\nend\nend\nend\nend")
	f.Add("class A < ActiveRecord::Migration[8.0]\ndef up\n up\n execute 'ALTER TABLE a ADD'\nUser.find_each { |a| a.save }\nend\nend")
	f.Fuzz(func(_ *testing.T, src string) {
		_, _ = migration.Read("db/migrate/1_a.rb", src)
	})
}
