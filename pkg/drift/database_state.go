package drift

// Database is what a Mastodon's database says.
type Database struct {
	// Migrations are the versions in schema_migrations.
	Migrations []string
}
