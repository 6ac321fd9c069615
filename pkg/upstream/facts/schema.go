package facts

// Schema is db/schema.rb: the database as it is after every migration of the release ran.
type Schema struct {
	// Version is the newest migration in schema_migrations' own form, 14 digits ("20250627132728").
	Version string `json:"version"`
	// Format is the version in ActiveRecord::Schema[…], which is Rails' ("8.0").
	Format     string   `json:"format"`
	Extensions []string `json:"extensions"` // sorted
	Tables     []Table  `json:"tables"`     // by name
	Views      []View   `json:"views"`      // by name
}

// Table is one create_table.
type Table struct {
	Name string `json:"name"`
	// PrimaryKey are its columns; ["id"] unless the table says otherwise, empty for id: false.
	PrimaryKey  []string     `json:"primary_key"`
	Columns     []Column     `json:"columns"`      // by name; a conventional id is among them
	Indexes     []Index      `json:"indexes"`      // by name
	ForeignKeys []ForeignKey `json:"foreign_keys"` // by column and target
	Checks      []Check      `json:"checks"`       // by name
}

// Column is one column of a table.
type Column struct {
	Name string `json:"name"`
	// Type is Rails' word: bigint, boolean, string, jsonb …
	Type string `json:"type"`
	// Null says that the column may be NULL.
	Null bool `json:"null"`
	// Default is the default as written (a literal without its quotes, or SQL when DefaultSQL is set); nil is none.
	Default *string `json:"default"`
	// DefaultSQL says that the default is an expression that the database evaluates for each row.
	DefaultSQL bool `json:"default_sql,omitempty"`
	Array      bool `json:"array,omitempty"`
	// Limit, Precision and Scale are nil when the schema leaves them to the database. Precision: "nil" of Rails
	// (a timestamp without rounding) is nil as well.
	Limit     *int `json:"limit,omitempty"`
	Precision *int `json:"precision,omitempty"`
	Scale     *int `json:"scale,omitempty"`
}

// Index is one index of a table or of a materialized view.
type Index struct {
	Name string `json:"name"`
	// Columns in the order of the index; empty for an index on an expression.
	Columns []string `json:"columns"`
	// Expression is the SQL text of an index on an expression.
	Expression       string `json:"expression,omitempty"`
	Unique           bool   `json:"unique,omitempty"`
	Where            string `json:"where,omitempty"`
	Using            string `json:"using,omitempty"` // empty is btree
	NullsNotDistinct bool   `json:"nulls_not_distinct,omitempty"`
	// Include are the columns that an index carries beside its key.
	Include []string `json:"include,omitempty"`
	// Order and OperatorClass are by column; "*" is every column.
	Order         map[string]string `json:"order,omitempty"`
	OperatorClass map[string]string `json:"operator_class,omitempty"`
}

// ForeignKey is one reference from a table to another.
type ForeignKey struct {
	Column     string `json:"column"`
	To         string `json:"to"`
	PrimaryKey string `json:"primary_key,omitempty"` // empty is id
	Name       string `json:"name,omitempty"`        // empty is Rails' own generated name
	OnDelete   string `json:"on_delete,omitempty"`   // cascade, nullify, restrict
	OnUpdate   string `json:"on_update,omitempty"`
	// NotValidated says that rows from before the constraint were never checked.
	NotValidated bool `json:"not_validated,omitempty"`
}

// Check is one check constraint.
type Check struct {
	Name         string `json:"name"`
	Expression   string `json:"expression"`
	NotValidated bool   `json:"not_validated,omitempty"`
}

// View is one view; its SQL is known by digest only.
type View struct {
	Name         string  `json:"name"`
	Materialized bool    `json:"materialized"`
	Digest       string  `json:"digest"` // of the SQL beyond white space, 12 hex digits of SHA-256
	Indexes      []Index `json:"indexes"`
}

func (s *Schema) normal() {
	fill(&s.Extensions)
	fill(&s.Tables)
	fill(&s.Views)
	for i := range s.Tables {
		s.Tables[i].normal()
	}
	for i := range s.Views {
		s.Views[i].normal()
	}
}

func (t *Table) normal() {
	fill(&t.PrimaryKey)
	fill(&t.Columns)
	fill(&t.Indexes)
	fill(&t.ForeignKeys)
	fill(&t.Checks)
	normalIndexes(t.Indexes)
}

func (v *View) normal() {
	fill(&v.Indexes)
	normalIndexes(v.Indexes)
}

func normalIndexes(list []Index) {
	for i := range list {
		fill(&list[i].Columns)
	}
}
