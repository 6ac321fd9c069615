package migration

import (
	"errors"
	"fmt"
	"path"
	"slices"

	"github.com/goingdark-social/bot/internal/lazyre"
	"github.com/goingdark-social/bot/pkg/upstream/facts"
	"github.com/goingdark-social/bot/pkg/upstream/internal/ruby"
)

// fileName is the pattern by which Rails finds migrations; whatever else lies in the folder (.gitkeep, a backup of an
// editor) is none for Rails either.
var fileName = lazyre.New(`^([0-9]+)_[_a-z0-9]*\.?[_a-z0-9]*\.rb$`)

// IsMigration says that Rails would take the file for a migration.
func IsMigration(file string) bool { return fileName.MatchString(path.Base(file)) }

// Read reads the migration src of a file; the caller sets Phase and Blob, which the text does not tell.
func Read(file, src string) (facts.Migration, error) {
	m := facts.Migration{File: file, Transaction: true, Operations: []facts.Operation{}}
	match := fileName.FindStringSubmatch(path.Base(file))
	if match == nil {
		return m, fmt.Errorf("%s is not named like a migration", file)
	}
	m.Version = match[1]
	tokens, err := ruby.Tokens(src, 1)
	if err != nil {
		if e, ok := errors.AsType[*ruby.Error](err); ok {
			return m, fmt.Errorf("%s:%d: %s", file, e.Line, e.Message)
		}
		return m, err
	}
	r := newReader(tokens)
	if r.name == "" {
		return m, fmt.Errorf("%s: no class … < ActiveRecord::Migration", file)
	}
	m.Name = r.name
	m.Transaction = !slices.ContainsFunc(tokens, func(t ruby.Token) bool { return t.Is("disable_ddl_transaction!") })
	m.Irreversible = r.irreversible()
	m.Operations = r.operations()
	if r.budget <= 0 {
		return m, fmt.Errorf("%s: more than can be followed", file)
	}
	return m, nil
}

// operations walks the way up: change, or up.
func (r *reader) operations() []facts.Operation {
	root, ok := r.methods["change"]
	if !ok {
		root, ok = r.methods["up"]
	}
	if !ok {
		return []facts.Operation{{Kind: facts.Other, Columns: []string{}, Line: r.line}}
	}
	r.walk(root.from, root.to, scope{})
	if len(r.out) == 0 && !r.empty(root) {
		r.add(facts.Operation{Kind: facts.Other, Line: r.tokens[root.from].Line})
	}
	return r.out
}

// empty says that a method has no code.
func (r *reader) empty(m method) bool {
	return !slices.ContainsFunc(r.tokens[m.from:m.to], func(t ruby.Token) bool { return t.Kind != ruby.Newline && !t.Is(";") })
}

// irreversible: the way down raises, or there is none.
func (r *reader) irreversible() bool {
	down, ok := r.methods["down"]
	if !ok {
		_, change := r.methods["change"]
		return !change
	}
	return slices.ContainsFunc(r.tokens[down.from:down.to], func(t ruby.Token) bool { return t.Is("IrreversibleMigration") })
}

func (r *reader) add(o facts.Operation) {
	if o.Columns == nil {
		o.Columns = []string{}
	}
	r.out = append(r.out, o)
}
