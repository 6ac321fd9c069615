package drift

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/goingdark-social/bot/pkg/inventory"
	"github.com/goingdark-social/bot/pkg/severity"
	"github.com/goingdark-social/bot/pkg/upstream/facts"
)

func migrationPending() Check {
	return Check{
		ID: "migration-pending", Severity: severity.Error, Title: "a database that is not where the release expects it",
		Doc: `The rows of schema_migrations against the migrations of the release in use. One of the first phase that was not run is an error:
the code expects it. One of the second, post-deployment, is a warning: the release works, and the next line will refuse it. Rows that are
newer than the release are an error: something migrated further than the code that runs, and the way back is a backup. A database that
holds none of the release's migrations is another program's, or empty.`,
		Needs: Rows,
		find:  findMigrationPending,
	}
}

func findMigrationPending(in *Input) []Finding {
	rows := map[string]bool{}
	for _, v := range in.Outside.Database.Migrations {
		rows[v] = true
	}

	missing, newest := map[facts.Phase][]facts.Migration{}, ""

	for _, m := range in.Facts.Migrations {
		newest = max(newest, m.Version)
		if !rows[m.Version] {
			missing[m.Phase] = append(missing[m.Phase], m)
		}

		delete(rows, m.Version)
	}

	if in.Outside.Database.Foreign(in.Facts) {
		return []Finding{in.unrelated()}
	}

	later := slices.DeleteFunc(slices.Sorted(maps.Keys(rows)), func(v string) bool { return len(v) != len(newest) || v <= newest })

	var out []Finding

	if list := missing[facts.Pre]; len(list) > 0 {
		out = append(out, in.pending(severity.Error, facts.Pre, list, "Run the migrate Job of this release before its code goes on serving."))
	}

	if list := missing[facts.Post]; len(list) > 0 {
		out = append(out, in.pending(severity.Warning, facts.Post, list, "Run `rails db:migrate` without SKIP_POST_DEPLOYMENT_MIGRATIONS, now that every process runs this release."))
	}

	if len(later) > 0 {
		f := in.migrated()
		f.Name = "newer"
		f.Message = fmt.Sprintf("the database was migrated beyond %s: %s that this release does not know (%s)", in.Facts.Version, rowCount(len(later)), few(later))
		f.Expected, f.Actual = "nothing newer than "+newest, later[len(later)-1]
		f.Fix = "Bring the code to the release that migrated; going back means restoring a backup from before it."
		out = append(out, f)
	}

	return out
}

func (in *Input) pending(s severity.Level, phase facts.Phase, list []facts.Migration, fix string) Finding {
	var names []string
	for _, m := range list {
		names = append(names, m.Name)
	}

	f := in.migrated()
	f.Severity, f.Name, f.Fix = s, string(phase), fix
	f.Message = fmt.Sprintf("%d of the migrations of %s in phase %s are not in the database: %s", len(list), in.Facts.Version, phase, few(names))
	f.Expected, f.Actual = fmt.Sprintf("every %s migration of %s", phase, in.Facts.Version), "without "+list[0].Version

	return f
}

// unrelated is a database that is not this Mastodon's.
func (in *Input) unrelated() Finding {
	f := in.migrated()
	f.Name = "foreign"
	f.Message = fmt.Sprintf("schema_migrations has %s, and none of %s", rowCount(len(in.Outside.Database.Migrations)), in.Facts.Version)
	f.Expected, f.Actual = "the migrations of "+in.Facts.Version, few(in.Outside.Database.Migrations)
	f.Fix = "Point the read-only address at Mastodon's own database; an empty one is set up by `rails db:setup`."

	return f
}

// migrated is a finding about the database: where its migrate Job, else web, gets its release.
func (in *Input) migrated() Finding {
	for _, c := range slices.Concat(in.migrations(), in.workers(inventory.Web)) {
		return Finding{Place: in.imageAt(c), Components: []string{"migrate"}}
	}

	for _, u := range in.usages() {
		return u.finding()
	}

	return Finding{Components: []string{"migrate"}}
}

func rowCount(n int) string {
	if n == 1 {
		return "1 row"
	}

	return fmt.Sprintf("%d rows", n)
}

// few names the first of a list.
func few(list []string) string {
	const shown = 3
	if len(list) <= shown {
		return strings.Join(list, ", ")
	}

	return fmt.Sprintf("%s and %d more", strings.Join(list[:shown], ", "), len(list)-shown)
}
