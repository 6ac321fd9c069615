package inventory

// Store is a server that Mastodon keeps data in, or a pooler in front of one.
type Store struct {
	Object
	// Product is postgresql, pgbouncer, redis, valkey, elasticsearch, opensearch …
	Product string `json:"product"`
	// By is what makes it run: cloudnative-pg, zalando, crunchy, eck, workload, an operator's name, or external for a
	// host that variables name and no object here provides.
	By string `json:"by"`
	// Version as stated ("16", "16.3"), empty when the object states none.
	Version string `json:"version"`
	// VersionFile and VersionLine are where it is stated; empty and 0 when it is not.
	VersionFile string `json:"version_file,omitempty"`
	VersionLine int    `json:"version_line,omitempty"`
	// Mode of a pooler: transaction, session, statement; empty when not stated.
	Mode string `json:"mode,omitempty"`
	// Instances as stated, 0 when not.
	Instances int `json:"instances,omitempty"`
}

// Method is how a backup is taken.
type Method string

// The methods.
const (
	CNPG           Method = "cloudnative-pg"
	ZalandoLogical Method = "zalando-logical" // pg_dump by the operator's CronJob
	ZalandoWAL     Method = "zalando-wal"     // wal-g or WAL-E of Spilo
	PgBackRest     Method = "pgbackrest"      // Crunchy
	Dump           Method = "cronjob"         // a CronJob of one's own
	Velero         Method = "velero"
	K8up           Method = "k8up"
)

// Backup is an object that backs the database up, or the volume it lies on.
type Backup struct {
	Object
	Method   Method `json:"method"`
	Schedule string `json:"schedule"`
	// Suspended objects do nothing until somebody switches them on.
	Suspended bool `json:"suspended,omitempty"`
	// Of is the database object that it names, empty when it names none.
	Of string `json:"of,omitempty"`
	// Type is how CloudNativePG stores it: barmanObjectStore (its default), volumeSnapshot or plugin.
	Type string `json:"type,omitempty"`
	// Plugin is the name of CloudNativePG's plugin.
	Plugin string `json:"plugin,omitempty"`
	// Runs is the first line of what a CronJob runs.
	Runs string `json:"runs,omitempty"`
}
