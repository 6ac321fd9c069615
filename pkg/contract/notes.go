package contract

// Notes is the result of bot notes: what an upgrade from one release to another takes.
type Notes struct {
	// Version of the contract.
	Version int `json:"version" jsonschema:"enum=1"`
	// From is the version before.
	From string `json:"from"`
	// To is the version after.
	To string `json:"to"`
	// Releases that are crossed, the last of them To, oldest first.
	Releases List[CrossedRelease] `json:"releases"`
	// Advisories that the upgrade closes, by GHSA or CVE identifier.
	Advisories List[string] `json:"advisories"`
	// AdvisoriesLost are those that a downgrade opens again.
	AdvisoriesLost List[string] `json:"advisories_lost"`
	// Migrations of the database.
	Migrations Migrations `json:"migrations"`
	// Schema is how the database's shape differs.
	Schema SchemaChanges `json:"schema"`
	// Environment is how the variables differ that rails, sidekiq or streaming read at run time.
	Environment Environment `json:"environment"`
	// Runtimes are the programs underneath.
	Runtimes List[Runtime] `json:"runtimes"`
	// Steps in the order to take them in.
	Steps List[Step] `json:"steps"`
	// Hazards are what can go wrong, the worst first.
	Hazards List[Hazard] `json:"hazards"`
	// Verdict is the kind of upgrade that it is, as far as the database goes.
	Verdict string `json:"verdict" jsonschema:"enum=no-migrations,enum=pre-only,enum=two-phase,enum=downgrade,enum=unknown"`
}

// CrossedRelease is a release on the way.
type CrossedRelease struct {
	// Version of it.
	Version string `json:"version"`
	// Date of it (YYYY-MM-DD); empty: not known.
	Date string `json:"date"`
	// Security says that it mends a vulnerability.
	Security bool `json:"security"`
}

// Migrations are file names that the newer release has and the older has not.
type Migrations struct {
	// Pre are those under db/migrate.
	Pre List[string] `json:"pre"`
	// Post are those under db/post_migrate.
	Post List[string] `json:"post"`
	// Undone are those that a downgrade leaves without their code.
	Undone List[string] `json:"undone"`
}

// SchemaChanges are names; columns and indexes speak of tables that exist on both sides.
type SchemaChanges struct {
	// TablesAdded by name.
	TablesAdded List[string] `json:"tables_added"`
	// TablesRemoved by name.
	TablesRemoved List[string] `json:"tables_removed"`
	// ColumnsAdded as table.column.
	ColumnsAdded List[string] `json:"columns_added"`
	// ColumnsRemoved as table.column.
	ColumnsRemoved List[string] `json:"columns_removed"`
	// IndexesAdded as table.index.
	IndexesAdded List[string] `json:"indexes_added"`
	// IndexesRemoved as table.index.
	IndexesRemoved List[string] `json:"indexes_removed"`
}

// Environment is how the variables differ.
type Environment struct {
	// Added are read by the newer release alone.
	Added List[string] `json:"added"`
	// Removed are read by the older release alone.
	Removed List[string] `json:"removed"`
	// Yours are those of the user's own objects that the difference touches.
	Yours List[YourVariable] `json:"yours"`
}

// YourVariable is a variable in the user's own repository.
type YourVariable struct {
	// Name of it.
	Name string `json:"name"`
	// File that sets it, or should.
	File string `json:"file"`
	// Line of it; 0: the file as a whole.
	Line int `json:"line"`
	// Problem with it.
	Problem string `json:"problem" jsonschema:"enum=removed,enum=unread,enum=aborts,enum=required"`
}

// Runtime is a program underneath: ruby, node, postgresql and so on.
type Runtime struct {
	// Name of it.
	Name string `json:"name"`
	// From is its version before; empty: not known.
	From string `json:"from"`
	// To is its version after; empty: not known.
	To string `json:"to"`
	// Floor is the lowest version that the newer release takes; empty: none is stated.
	Floor string `json:"floor"`
	// Yours is what the user runs; empty: not known.
	Yours string `json:"yours"`
}

// Step is something to do.
type Step struct {
	// Title says what.
	Title string `json:"title"`
	// Command to run; empty: there is none.
	Command string `json:"command"`
	// Phase of the roll-out in which it is due.
	Phase string `json:"phase" jsonschema:"enum=before,enum=pre,enum=rollout,enum=post,enum=after"`
	// Source that says so: a file, or the page of a release.
	Source string `json:"source"`
}

// Hazard is something that can go wrong.
type Hazard struct {
	// ID of the kind of hazard.
	ID string `json:"id"`
	// Severity of it.
	Severity string `json:"severity" jsonschema:"enum=error,enum=warning,enum=info"`
	// Message says what can go wrong.
	Message string `json:"message"`
	// Source that says so: a file, or the page of a release.
	Source string `json:"source"`
}

// NewNotes returns notes that say nothing, with the verdict that goes with it.
func NewNotes(from, to string) Notes {
	return Notes{
		Version: Version, From: from, To: to, Verdict: "unknown",
		Releases: List[CrossedRelease]{}, Advisories: List[string]{}, AdvisoriesLost: List[string]{},
		Runtimes: List[Runtime]{}, Steps: List[Step]{}, Hazards: List[Hazard]{},
	}
}
