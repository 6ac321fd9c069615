package notes

import (
	"fmt"
	"slices"

	"github.com/goingdark-social/bot/pkg/inventory"
)

// preference orders what a backup before an upgrade is best taken with: a database's own tools first, copies of volumes last.
var preference = []inventory.Method{
	inventory.CNPG, inventory.PgBackRest, inventory.ZalandoWAL, inventory.ZalandoLogical, inventory.Dump, inventory.K8up, inventory.Velero,
}

// backups are the objects that are applied and switched on, best first.
func (w *writer) backups() []inventory.Backup {
	var out []inventory.Backup
	for _, b := range w.inv.Backups {
		if b.Listed && !b.Suspended {
			out = append(out, b)
		}
	}
	slices.SortStableFunc(out, func(a, b inventory.Backup) int {
		return slices.Index(preference, a.Method) - slices.Index(preference, b.Method)
	})
	return out
}

// backup is the first step: taking one now, by the object that takes them every night.
func (w *writer) backup() {
	all := w.backups()
	if len(all) == 0 {
		w.step(Before, "", w.whole(), "Take a backup of the database"+w.lacking(),
			"pg_dump --format=custom --file="+slug("before-", w.notes.To)+`.dump "$DATABASE_URL"`)
		return
	}
	b := all[0]
	title, commands := w.take(b)
	if b.Schedule != "" {
		title += fmt.Sprintf(" (besides its schedule, %s)", b.Schedule)
	}
	w.step(Before, "", at(b.Object), title, commands...)
}

func (w *writer) take(b inventory.Backup) (title string, commands []string) {
	name, o := slug("before-", w.notes.To), b.Object
	switch b.Method {
	case inventory.CNPG:
		return "Take a backup with CloudNativePG and wait for it", []string{
			cnpgBackup(b, name),
			kubectl(o, "wait", "--timeout=2h", "--for=jsonpath={.status.phase}=completed", "backup.postgresql.cnpg.io/"+name),
		}
	case inventory.PgBackRest:
		return "Take a backup with pgBackRest", []string{
			kubectl(o, "annotate", "--overwrite", "postgrescluster/"+b.Name, "postgres-operator.crunchydata.com/pgbackrest-backup="+name),
		}
	case inventory.ZalandoWAL:
		return "Take a base backup on the primary and see it listed", []string{
			w.spilo(b, "/scripts/postgres_backup.sh /home/postgres/pgdata/pgroot/data"),
			w.spilo(b, "wal-g backup-list"),
		}
	case inventory.ZalandoLogical:
		return "Take a dump with the operator's CronJob and wait for it", cronJob(o, "logical-backup-"+b.Of, name)
	case inventory.Dump:
		return "Take a dump with CronJob " + b.Name + " and wait for it", cronJob(o, b.Name, name)
	case inventory.Velero:
		return "Take a backup with Velero (of volumes: see that the database is consistent in it)", []string{
			"velero backup create " + quote(name) + " --from-schedule " + quote(b.Name) + " --wait",
		}
	default:
		return "See that the last backup of the volumes is young and whole", []string{kubectl(o, "get", "snapshots.k8up.io")}
	}
}

func cronJob(o inventory.Object, from, name string) []string {
	return []string{
		kubectl(o, "create", "job", "--from=cronjob/"+from, name),
		kubectl(o, "wait", "--for=condition=complete", "--timeout=2h", "job/"+name),
	}
}

// spilo runs a script on the primary, with the environment that the operator's image keeps for its backups.
func (w *writer) spilo(b inventory.Backup, script string) string {
	primary := kubectl(b.Object, "get", "pod", "-l", "cluster-name="+b.Of+",spilo-role=master", "-o", "name")
	return kubectl(b.Object, "exec") + ` "$(` + primary + `)" -c postgres -- su postgres -c ` + quote("envdir /run/etc/wal-e.d/env "+script)
}

// cnpgBackup creates a Backup as the scheduled one would: by the same method and the same plugin.
func cnpgBackup(b inventory.Backup, name string) string {
	spec := `"cluster":{"name":` + jsonString(b.Of) + `}`
	if b.Type != "" {
		spec += `,"method":` + jsonString(b.Type)
	}
	if b.Plugin != "" {
		spec += `,"pluginConfiguration":{"name":` + jsonString(b.Plugin) + `}`
	}
	object := `{"apiVersion":"postgresql.cnpg.io/v1","kind":"Backup","metadata":{"name":` + jsonString(name) + `},"spec":{` + spec + `}}`
	return "printf %s " + quote(object) + " | " + kubectl(b.Object, "create", "-f", "-")
}
