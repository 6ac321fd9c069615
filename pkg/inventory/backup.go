package inventory

import (
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/goingdark-social/bot/internal/lazyre"
	"github.com/goingdark-social/bot/internal/node"
)

// backup takes the objects that back a database up.
func (t *taker) backup(o Object, n *yaml.Node) {
	if t.kustomize.patches[o.File] {
		return
	}
	group, _, _ := strings.Cut(o.APIVersion, "/")
	add := func(b Backup) { b.Object = o; t.inv.Backups = append(t.inv.Backups, b) }
	schedule := node.Text(node.Get(n, "spec", "schedule"))
	switch group + " " + o.Kind {
	case "postgresql.cnpg.io ScheduledBackup":
		add(Backup{
			Method: CNPG, Schedule: schedule, Suspended: node.Truth(node.Get(n, "spec", "suspend")), Of: node.Text(node.Get(n, "spec", "cluster", "name")),
			Type: node.Text(node.Get(n, "spec", "method")), Plugin: node.Text(node.Get(n, "spec", "pluginConfiguration", "name")),
		})
	case "acid.zalan.do postgresql":
		t.zalandoBackups(o, n)
	case "postgres-operator.crunchydata.com PostgresCluster":
		for _, repo := range node.Items(node.Get(n, "spec", "backups", "pgbackrest", "repos")) {
			if full := node.Text(node.Get(repo, "schedules", "full")); full != "" {
				add(Backup{Method: PgBackRest, Schedule: full, Of: o.Name})
			}
		}
	case "velero.io Schedule":
		add(Backup{Method: Velero, Schedule: schedule, Suspended: node.Truth(node.Get(n, "spec", "paused"))})
	case "k8up.io Schedule":
		add(Backup{Method: K8up, Schedule: node.Text(node.Get(n, "spec", "backup", "schedule"))})
	case "batch CronJob":
		if runs := dumps(podSpec(n)); runs != "" {
			add(Backup{Method: Dump, Schedule: schedule, Suspended: node.Truth(node.Get(n, "spec", "suspend")), Runs: runs})
		}
	}
}

// zalandoBackups reads the two ways of the operator: a dump by its CronJob, and Spilo's base backups with a WAL archive.
func (t *taker) zalandoBackups(o Object, n *yaml.Node) {
	if on := node.Get(n, "spec", "enableLogicalBackup"); node.Truth(on) {
		at := o
		at.Line = node.Line(on)
		t.inv.Backups = append(t.inv.Backups, Backup{Object: at, Method: ZalandoLogical, Schedule: node.Text(node.Get(n, "spec", "logicalBackupSchedule")), Of: o.Name})
	}
	var archive *yaml.Node
	schedule := ""
	for _, item := range node.Items(node.Get(n, "spec", "env")) {
		switch name := node.Get(item, "name"); node.Text(name) {
		case "WAL_S3_BUCKET", "WALG_S3_PREFIX", "WALE_S3_PREFIX", "WAL_GS_BUCKET", "WALG_GS_PREFIX", "WALG_AZ_PREFIX", "WALG_SSH_PREFIX":
			archive = name
		case "BACKUP_SCHEDULE":
			schedule = node.Text(node.Get(item, "value"))
		}
	}
	if archive != nil {
		at := o
		at.Line = node.Line(archive)
		t.inv.Backups = append(t.inv.Backups, Backup{Object: at, Method: ZalandoWAL, Schedule: schedule, Of: o.Name})
	}
}

var dumper = lazyre.New(`\b(pg_dump(?:all)?|pg_basebackup|pgbackrest|wal-g|barman)\b`)

// dumps returns the line by which a pod dumps or archives a database; empty when it does not.
func dumps(pod *yaml.Node) string {
	for _, key := range []string{"initContainers", "containers"} {
		for _, c := range node.Items(node.Get(pod, key)) {
			run := words(node.Get(c, "command")) + "\n" + words(node.Get(c, "args"))
			for l := range strings.SplitSeq(run, "\n") {
				if dumper.MatchString(l) {
					return oneLine(redact(l))
				}
			}
			if image := imageName(node.Text(node.Get(c, "image"))); strings.Contains(image, "backup") && strings.Contains(image, "pg") ||
				strings.Contains(image, "postgres-backup") {
				return image
			}
		}
	}
	return ""
}
