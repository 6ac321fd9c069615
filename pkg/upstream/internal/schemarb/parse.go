package schemarb

import (
	"fmt"
	"strings"

	"github.com/goingdark-social/bot/pkg/upstream/facts"
	"github.com/goingdark-social/bot/pkg/upstream/internal/ruby"
)

// Error is a statement that is not known, or text that is no schema.
type Error struct {
	Line    int
	Message string
}

func (e *Error) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Message) }

// maxMessage bounds what an error repeats of the text, in bytes.
const maxMessage = 300

func fail(line int, format string, args ...any) error {
	message := fmt.Sprintf(format, args...)
	if len(message) > maxMessage {
		message = strings.ToValidUTF8(message[:maxMessage], "") + "…"
	}
	return &Error{Line: line, Message: message}
}

// Parse reads the text of a schema.rb. Its lists come sorted: the file's own order is not stable between releases.
func Parse(src string) (facts.Schema, error) {
	tokens, err := ruby.Tokens(src, 1)
	if err != nil {
		return facts.Schema{}, err
	}
	statements, err := statements(tokens)
	if err != nil {
		return facts.Schema{}, err
	}
	p := &parser{tables: map[string]*facts.Table{}, views: map[string]*facts.View{}}
	for _, s := range statements {
		if err := p.statement(s); err != nil {
			return facts.Schema{}, err
		}
	}
	return p.finish()
}

type parser struct {
	schema facts.Schema
	tables map[string]*facts.Table
	views  map[string]*facts.View
	// table is the open create_table, column its block's variable.
	table *facts.Table
	block string
	open  bool
	done  bool
}

func (p *parser) statement(s statement) error {
	switch {
	case p.done:
		return fail(s.line, "%q behind the end of the schema", s.name)
	case s.name == "end":
		return p.end(s)
	case !p.open:
		return p.define(s)
	case p.table != nil:
		return p.inTable(s)
	case s.receiver != "":
		return fail(s.line, "unknown statement %s.%s", s.receiver, s.name)
	}
	switch s.name {
	case "enable_extension":
		return p.extension(s)
	case "create_table":
		return p.createTable(s)
	case "add_index":
		return p.addIndex(s)
	case "add_foreign_key":
		return p.addForeignKey(s)
	case "add_check_constraint":
		return p.addCheck(s)
	case "create_view":
		return p.createView(s)
	}
	return fail(s.line, "unknown statement %q", s.name)
}

func (p *parser) end(s statement) error {
	switch {
	case p.table != nil:
		p.table = nil
	case p.open:
		p.done = true
	default:
		return fail(s.line, "end of nothing")
	}
	return nil
}

// define reads ActiveRecord::Schema[8.0].define(version: 2025_06_27_132728) do.
func (p *parser) define(s statement) error {
	version, ok := s.args.Key("version")
	format, found := strings.CutPrefix(s.receiver, "ActiveRecord::Schema")
	if s.name != "define" || !found || !ok || version.Kind != ruby.NumberValue || !s.block {
		return fail(s.line, "want ActiveRecord::Schema[…].define(version: …) do, not %s.%s", s.receiver, s.name)
	}
	p.open = true
	p.schema.Version = version.Text
	p.schema.Format = strings.Trim(format, "[]")
	return nil
}

func (p *parser) extension(s statement) error {
	names, err := s.names(1)
	if err != nil {
		return err
	}
	// Rails 8 writes the schema in front of the same extension.
	p.schema.Extensions = append(p.schema.Extensions, strings.TrimPrefix(names[0], "pg_catalog."))
	return s.options()
}

// target is the table or materialized view of that name.
func (p *parser) target(s statement, name string) (*[]facts.Index, error) {
	if t := p.tables[name]; t != nil {
		return &t.Indexes, nil
	}
	if v := p.views[name]; v != nil {
		return &v.Indexes, nil
	}
	return nil, fail(s.line, "%s on %q, which is neither a table nor a view above it", s.name, name)
}
