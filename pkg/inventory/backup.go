package inventory

import (
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/goingdark-social/bot/internal/lazyre"
)

// backup takes the objects that back a database up.
func (t *taker) backup(o Object, n *yaml.Node) {
	if t.kustomize.patches[o.File] {
		return
	}
	group, _, _ := strings.Cut(o.APIVersion, "/")
	add := func(b Backup) { b.Object = o; t.inv.Backups = append(t.inv.Backups, b) }
	schedule := text(get(n, "spec", "schedule"))
	switch group + " " + o.Kind {
	case "postgresql.cnpg.io ScheduledBackup":
		add(Backup{
			Method: CNPG, Schedule: schedule, Suspended: truth(get(n, "spec", "suspend")), Of: text(get(n, "spec", "cluster", "name")),
			Type: text(get(n, "spec", "method")), Plugin: text(get(n, "spec", "pluginConfiguration", "name")),
		})
	case "acid.zalan.do postgresql":
		t.zalandoBackups(o, n)
	case "postgres-operator.crunchydata.com PostgresCluster":
		for _, repo := range items(get(n, "spec", "backups", "pgbackrest", "repos")) {
			if full := text(get(repo, "schedules", "full")); full != "" {
				add(Backup{Method: PgBackRest, Schedule: full, Of: o.Name})
			}
		}
	case "velero.io Schedule":
		add(Backup{Method: Velero, Schedule: schedule, Suspended: truth(get(n, "spec", "paused"))})
	case "k8up.io Schedule":
		add(Backup{Method: K8up, Schedule: text(get(n, "spec", "backup", "schedule"))})
	case "batch CronJob":
		if runs := dumps(podSpec(n)); runs != "" {
			add(Backup{Method: Dump, Schedule: schedule, Suspended: truth(get(n, "spec", "suspend")), Runs: runs})
		}
	}
}

// zalandoBackups reads the two ways of the operator: a dump by its CronJob, and Spilo's base backups with a WAL archive.
func (t *taker) zalandoBackups(o Object, n *yaml.Node) {
	if on := get(n, "spec", "enableLogicalBackup"); truth(on) {
		at := o
		at.Line = line(on)
		t.inv.Backups = append(t.inv.Backups, Backup{Object: at, Method: ZalandoLogical, Schedule: text(get(n, "spec", "logicalBackupSchedule")), Of: o.Name})
	}
	var archive *yaml.Node
	schedule := ""
	for _, item := range items(get(n, "spec", "env")) {
		switch name := get(item, "name"); text(name) {
		case "WAL_S3_BUCKET", "WALG_S3_PREFIX", "WALE_S3_PREFIX", "WAL_GS_BUCKET", "WALG_GS_PREFIX", "WALG_AZ_PREFIX", "WALG_SSH_PREFIX":
			archive = name
		case "BACKUP_SCHEDULE":
			schedule = text(get(item, "value"))
		}
	}
	if archive != nil {
		at := o
		at.Line = line(archive)
		t.inv.Backups = append(t.inv.Backups, Backup{Object: at, Method: ZalandoWAL, Schedule: schedule, Of: o.Name})
	}
}

var dumper = lazyre.New(`\b(pg_dump(?:all)?|pg_basebackup|pgbackrest|wal-g|barman)\b`)

// dumps returns the line by which a pod dumps or archives a database; empty when it does not.
func dumps(pod *yaml.Node) string {
	for _, key := range []string{"initContainers", "containers"} {
		for _, c := range items(get(pod, key)) {
			run := words(get(c, "command")) + "\n" + words(get(c, "args"))
			for l := range strings.SplitSeq(run, "\n") {
				if dumper.MatchString(l) {
					return oneLine(redact(l))
				}
			}
			if image := imageName(text(get(c, "image"))); strings.Contains(image, "backup") && strings.Contains(image, "pg") ||
				strings.Contains(image, "postgres-backup") {
				return image
			}
		}
	}
	return ""
}
