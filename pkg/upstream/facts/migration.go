package facts

// Phase says in which of the two runs of a zero-downtime upgrade a migration is run.
type Phase string

const (
	// Pre is db/migrate: run before the new code is rolled out.
	Pre Phase = "pre"
	// Post is db/post_migrate: run after it, left out while SKIP_POST_DEPLOYMENT_MIGRATIONS is set to anything.
	Post Phase = "post"
)

// Migration is one file of db/migrate or db/post_migrate.
type Migration struct {
	// Version is the number that schema_migrations holds, mostly 14 digits. A migration new in a release can be older
	// than the schema before it: compare sets, never sizes.
	Version string `json:"version"`
	// Name is the class ("AddIndexToStatuses"); the file's name carries the same in snake case.
	Name  string `json:"name"`
	File  string `json:"file"`
	Phase Phase  `json:"phase"`
	// Transaction is false under disable_ddl_transaction!: what ran before a failure stays.
	Transaction bool `json:"transaction"`
	// Irreversible is set when the migration says so (raises, or has only an up).
	Irreversible bool `json:"irreversible,omitempty"`
	// Blob is the first 12 digits of git's hash of the file: an old migration edited in place shows here.
	Blob       string      `json:"blob"`
	Operations []Operation `json:"operations"` // in the order of the file, the way up only
}

// Kind is what an operation does.
type Kind string

// The kinds. Data changes rows, in Ruby or SQL, at once or in a loop; SQL is any other statement given as text; Other
// stands alone in a migration none of whose code is one of these: what it does is unknown.
const (
	CreateTable        Kind = "create_table"
	DropTable          Kind = "drop_table"
	RenameTable        Kind = "rename_table"
	AddColumn          Kind = "add_column"
	RemoveColumn       Kind = "remove_column"
	RenameColumn       Kind = "rename_column"
	ChangeColumn       Kind = "change_column" // a new type: rewrites the table unless the types are binary compatible
	ChangeDefault      Kind = "change_default"
	ChangeNull         Kind = "change_null" // Null says to what; to false scans the table under an exclusive lock
	AddIndex           Kind = "add_index"
	RemoveIndex        Kind = "remove_index"
	RenameIndex        Kind = "rename_index"
	Reindex            Kind = "reindex"
	AddForeignKey      Kind = "add_foreign_key"
	RemoveForeignKey   Kind = "remove_foreign_key"
	ValidateForeignKey Kind = "validate_foreign_key"
	AddCheck           Kind = "add_check"
	RemoveCheck        Kind = "remove_check"
	ValidateCheck      Kind = "validate_check"
	CreateView         Kind = "create_view"
	UpdateView         Kind = "update_view"
	DropView           Kind = "drop_view"
	Extension          Kind = "extension"
	Function           Kind = "function"
	Data               Kind = "data"
	SQL                Kind = "sql"
	Other              Kind = "other"
)

// Operation is one thing that a migration does, read from its text; no Ruby is run. A loop over table names that cannot
// be read gives one operation with an empty Table: unknown, not none.
type Operation struct {
	Kind  Kind   `json:"kind"`
	Table string `json:"table"`
	// Columns that the operation names; for CreateTable none (the schema has them).
	Columns []string `json:"columns"`
	// Index is the name of the index, foreign key or constraint, where the migration gives one.
	Index string `json:"index,omitempty"`
	// To is the new name of a rename, the target of a foreign key.
	To string `json:"to,omitempty"`
	// Type is the type of a column that is added or changed.
	Type string `json:"type,omitempty"`
	// Null is what a column that is added or changed says about NULL; nil when it says nothing.
	Null *bool `json:"null,omitempty"`
	// Default is the default of a column that is added or changed, as written; nil when it has none.
	Default *string `json:"default,omitempty"`
	// Volatile is set when that default is evaluated for each row (gen_random_uuid(), clock_timestamp(), a function of
	// upstream's own; not now(), which PostgreSQL evaluates once), so that adding the column rewrites the table.
	Volatile bool `json:"volatile,omitempty"`
	Unique   bool `json:"unique,omitempty"`
	// Concurrent says that an index is built, or removed, without blocking writes.
	Concurrent bool `json:"concurrent,omitempty"`
	// NotValidated says that a constraint is added without checking the rows that are there.
	NotValidated bool `json:"not_validated,omitempty"`
	Line         int  `json:"line"`
}

func (m *Migration) normal() {
	fill(&m.Operations)
	for i := range m.Operations {
		fill(&m.Operations[i].Columns)
	}
}
