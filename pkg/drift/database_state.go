package drift

import (
	"slices"

	"github.com/goingdark-social/bot/pkg/upstream/facts"
)

// Database is what a Mastodon's database says.
type Database struct {
	// Migrations are the versions in schema_migrations.
	Migrations []string
	// Rows are the estimated numbers of rows of the tables that were analysed, by name.
	Rows map[string]int64
}

// Foreign tells that it has none of the migrations of a release: it is another program's, or empty. Facts that are not known tell nothing.
func (d *Database) Foreign(f *facts.Facts) bool {
	return f != nil && len(f.Migrations) > 0 && !slices.ContainsFunc(f.Migrations, func(m facts.Migration) bool {
		return slices.Contains(d.Migrations, m.Version)
	})
}
