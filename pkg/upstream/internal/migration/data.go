package migration

import (
	"github.com/goingdark-social/bot/pkg/upstream/facts"
	"github.com/goingdark-social/bot/pkg/upstream/internal/ruby"
)

// writers are the calls on a model or a record that change rows.
var writers = []string{
	"update_all", "delete_all", "destroy_all", "insert_all", "insert", "insert!", "upsert", "upsert_all", "create", "create!",
	"update", "update!", "update_column", "update_columns", "update_attribute", "update_attributes", "save", "save!",
	"destroy", "destroy!", "delete", "delete_by", "destroy_by", "find_or_create_by", "find_or_create_by!", "touch", "touch_all",
	"increment!", "decrement!", "update_counters",
}

// write notes a change of rows by the model or record that the chain of calls starts with.
func (r *reader) write(i int, s scope) {
	table, ok := r.recordsOf(r.chainStart(i), s)
	if !ok {
		return
	}
	if n := len(r.out); n > 0 && r.out[n-1].Kind == facts.Data && r.out[n-1].Table == table {
		return // one loop is one operation
	}
	r.add(facts.Operation{Kind: facts.Data, Table: table, Line: r.at(i).Line})
}

// chainStart is the index of the first name of a chain a.b(c).d whose last name is at i.
func (r *reader) chainStart(i int) int {
	for j := i - 1; j >= 0; j-- {
		switch t := r.at(j); {
		case t.Is(")") || t.Is("]") || t.Is("}") || t.Is("end"):
			j = r.opening(j)
		case t.Kind == ruby.Newline && r.dot(j+1) || r.dot(j):
		case t.Kind == ruby.Ident || t.Kind == ruby.Const || t.Kind == ruby.Variable:
			if !r.dot(j - 1) {
				return j
			}
		default:
			return j + 1
		}
	}
	return 0
}

// dot says that the token at i joins two names.
func (r *reader) dot(i int) bool { return r.at(i).Is(".") || r.at(i).Is("&.") || r.at(i).Is("::") }

// opening is the index of the bracket that the one at j closes.
func (r *reader) opening(j int) int {
	depth := 0
	for k := j; k >= 0; k-- {
		switch t := r.at(k); {
		case t.Is(")") || t.Is("]") || t.Is("}"):
			depth++
		case t.Is("(") || t.Is("[") || t.Is("{"):
			depth--
		}
		if depth <= 0 {
			return k
		}
	}
	return 0
}

// recordsOf is the table of the model or record named at i.
func (r *reader) recordsOf(i int, s scope) (string, bool) {
	t := r.at(i)
	if t.Kind == ruby.Const {
		for r.at(i+1).Is("::") && r.at(i+2).Kind == ruby.Const {
			i += 2
			t = r.at(i)
		}
		if table, ok := r.models[t.Text]; ok {
			return table, true
		}
		if table, ok := pluginModels[t.Text]; ok && r.at(i-1).Is("::") {
			return table, true
		}
		if frameworkNames[t.Text] {
			return "", false
		}
		return tableName(t.Text), true
	}
	if table, ok := s.records[t.Text]; ok {
		return table, true
	}
	if m, ok := r.methods[t.Text]; ok && t.Kind == ruby.Ident { // a method of the file that returns records
		for j := m.from; j < m.to; j++ {
			if k := r.at(j).Kind; k != ruby.Newline {
				return r.recordsIn(j, k)
			}
		}
	}
	return "", false
}

// recordsIn is the table of the model that a method's body starts with.
func (r *reader) recordsIn(i int, k ruby.Kind) (string, bool) {
	if k != ruby.Const {
		return "", false
	}
	return r.recordsOf(i, scope{})
}

// pluginModels are the tables of the models of Doorkeeper, whose names do not follow Rails' rule.
var pluginModels = map[string]string{ //nolint:gosec // names of tables
	"Application": "oauth_applications", "AccessGrant": "oauth_access_grants",
	"AccessToken": "oauth_access_tokens",
}

// frameworkNames are constants that hold no rows.
var frameworkNames = map[string]bool{
	"ActiveRecord": true, "Rails": true, "File": true, "Dir": true, "FileUtils": true, "Time": true, "Date": true, "JSON": true, "YAML": true, "Hash": true,
	"Array": true, "Set": true, "String": true, "Base": true, "Migration": true, "Mastodon": true, "Chewy": true, "Sidekiq": true, "ENV": true, "Base64": true,
}

// assignment notes what record = Model.… and Model.….each do |record| make of a name.
func (r *reader) assignment(i, to int, s scope) {
	t := r.tokens[i]
	switch {
	case t.Kind == ruby.Ident && r.at(i+1).Is("="):
		if table, ok := r.recordsOf(i+2, s); ok {
			s.records[t.Text] = table
		}
	case t.Kind == ruby.Const || t.Kind == ruby.Ident:
		table, ok := r.recordsOf(i, s)
		if !ok || r.at(i-1).Is("::") {
			return
		}
		for j := i + 1; j < to && r.at(j).Kind != ruby.Newline && r.budget.Spend(1); j++ {
			if r.at(j).Is("|") && (r.at(j-1).Is("do") || r.at(j-1).Is("{")) && r.at(j+1).Kind == ruby.Ident {
				s.records[r.at(j+1).Text] = table
				return
			}
		}
	}
}
