package migration

import (
	"github.com/goingdark-social/bot/pkg/upstream/facts"
	"github.com/goingdark-social/bot/pkg/upstream/internal/ruby"
)

// reader holds one file: its tokens, the methods and models of its class, the operations found so far.
type reader struct {
	tokens []ruby.Token
	ends   map[int]int
	name   string
	line   int
	// methods by name, and constants with a literal value.
	methods   map[string]method
	constants map[string]ruby.Value
	// models are the tables of classes that the migration declares for itself.
	models map[string]string
	depth  int
	budget ruby.Budget
	out    []facts.Operation
}

// method is the body of a method, from <= index < to.
type method struct {
	params   []string
	from, to int
}

// scope holds what the names of a method or block stand for: literal values and tables of records.
type scope struct {
	values  map[string]ruby.Value
	records map[string]string
}

func newReader(tokens []ruby.Token) *reader {
	r := &reader{
		tokens: tokens, ends: ruby.Ends(tokens),
		methods: map[string]method{}, constants: map[string]ruby.Value{}, models: map[string]string{}, budget: maxLooks,
	}
	for i, t := range tokens {
		if !r.budget.Spend(1) {
			return r
		}
		switch {
		case t.Is("class") && t.Kind == ruby.Ident && r.at(i+1).Kind == ruby.Const:
			r.class(i)
		case t.Is("def") && t.Kind == ruby.Ident:
			r.method(i)
		case t.Kind == ruby.Const && r.at(i+1).Is("="):
			r.budget.Spend(len(tokens) - i)
			a := ruby.ParseArgs(tokens, i+2)
			if len(a.List) == 1 && a.List[0].Literal() {
				r.constants[t.Text] = a.List[0]
			}
		}
	}
	return r
}

func (r *reader) at(i int) ruby.Token { return ruby.At(r.tokens, i) }

// class notes the migration's own class, and the tables of the models that it declares.
func (r *reader) class(i int) {
	name := r.at(i + 1).Text
	end, ok := r.ends[i]
	if !ok {
		return
	}
	for j := i + 2; j < end && r.at(j).Kind != ruby.Newline; j++ {
		if r.at(j).Is("Migration") && r.name == "" {
			r.name, r.line = name, r.at(i).Line
			return
		}
	}
	r.budget.Spend(end - i)
	r.models[name] = tableName(name)
	for j := i; j < end; j++ {
		if r.at(j).Is("table_name") && r.at(j+1).Is("=") && r.at(j+2).Literal() {
			r.models[name] = r.at(j + 2).Text
		}
	}
}

// method notes def name and def self.name.
func (r *reader) method(i int) {
	end, ok := r.ends[i]
	if !ok {
		return
	}
	j := i + 1
	if r.at(j).Is("self") && r.at(j+1).Is(".") {
		j += 2
	}
	r.budget.Spend(len(r.tokens) - i)
	m := method{from: min(j+1, end), to: end}
	a := ruby.ParseArgs(r.tokens, j+1)
	if r.at(j + 1).Is("(") {
		m.from = min(a.End, end) // a bracket that is not closed goes on beyond
		for _, v := range a.List {
			m.params = append(m.params, v.Text)
		}
	}
	if _, twice := r.methods[r.at(j).Text]; !twice {
		r.methods[r.at(j).Text] = m
	}
}
