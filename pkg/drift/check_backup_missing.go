package drift

import (
	"fmt"
	"slices"

	"github.com/goingdark-social/bot/pkg/inventory"
	"github.com/goingdark-social/bot/pkg/severity"
)

func backupMissing() Check {
	return Check{
		ID: "backup-missing", Severity: severity.Warning, Title: "a database that nothing backs up",
		Doc: `The way back from a migration is a backup. The database that the migrate Job writes to is found by its host; a scheduled backup
of its operator, a CronJob that dumps it, Velero or K8up count, and a suspended one does not. A database outside the tree is
somebody else's to back up: nothing is said.`,
		Absence: true,
		find:    findBackup,
	}
}

func findBackup(in *Input) []Finding {
	var out []Finding

	seen := map[*object]bool{}

	for _, c := range in.databaseUsers() {
		host, port, _, known := c.databaseOf()
		if !known {
			continue
		}

		db := in.serverAt(host, port, c.object).database
		if db == nil || seen[db] {
			continue
		}

		seen[db] = true

		if f, ok := in.unsaved(db); ok {
			f.Components, f.Name = []string{string(c.component)}, db.base
			f.Related = append(f.Related, c.object.first())
			out = append(out, f)
		}
	}

	return out
}

// databaseUsers are the migrate Jobs; where there are none, web.
func (in *Input) databaseUsers() []*container {
	if jobs := in.migrations(); len(jobs) > 0 {
		return jobs
	}

	return in.workers(inventory.Web)
}

func (in *Input) unsaved(db *object) (Finding, bool) {
	var suspended *inventory.Backup

	for _, b := range slices.Concat(in.Effective.Backups, in.Elsewhere.Backups) {
		if b.Of != "" && b.Of != db.name || b.Of == "" && !db.sameNamespace(b.Namespace) && b.Method == inventory.Dump {
			continue
		}

		if !b.Suspended {
			return Finding{}, false
		}

		suspended = &b
	}

	f := Finding{
		Place: db.first(), Message: fmt.Sprintf("nothing in the tree backs %s up", db.title()),
		Expected: "a scheduled backup", Actual: "none", Fix: "Add a scheduled backup of it, before the next migration.",
	}

	if suspended != nil {
		f.Place = Place{suspended.File, suspended.Line}
		f.Message = fmt.Sprintf("the backup of %s is suspended", db.title())
		f.Expected, f.Actual = "a backup that runs", fmt.Sprintf("%s %s is suspended", suspended.Kind, suspended.Name)
		f.Fix = "Switch it on again."
		f.Related = []Place{db.first()}
	}

	return f, true
}
