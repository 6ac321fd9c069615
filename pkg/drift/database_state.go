package drift

// Database is what a Mastodon's database says.
type Database struct {
	// Migrations are the versions in schema_migrations.
	Migrations []string
	// Rows are the estimated numbers of rows of the tables that were analysed, by name.
	Rows map[string]int64
}
