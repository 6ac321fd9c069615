package inventory

// Inventory is what the files handed to [Take] hold. Every list is sorted by file and line and never nil.
type Inventory struct {
	MigrateJobs []Job      `json:"migrate_jobs"`
	Workloads   []Workload `json:"workloads"`
	Backups     []Backup   `json:"backups"`
	Databases   []Store    `json:"databases"` // PostgreSQL servers and operator objects
	Poolers     []Store    `json:"poolers"`   // PgBouncer, an operator's or a workload
	Redis       []Store    `json:"redis"`
	Search      []Store    `json:"search"` // Elasticsearch and OpenSearch
	Settings    []Setting  `json:"settings"`
	// Opaque are the Secrets and ConfigMaps that containers take all their keys from while nothing here tells the keys: what
	// they set is not among the Settings.
	Opaque   []Need    `json:"opaque"`
	Appliers []Applier `json:"appliers"`
	// Engine is what applies the tree: EngineArgoCD, EngineFlux or EngineUnknown.
	Engine   Engine    `json:"engine"`
	Problems []Problem `json:"problems"`
}

// Engine is what brings a repository's manifests into the cluster.
type Engine string

// The engines. Nothing in a tree tells that kubectl applies it, so that is unknown too.
const (
	EngineArgoCD  Engine = "argocd"
	EngineFlux    Engine = "flux"
	EngineUnknown Engine = "unknown"
)

// Object is one Kubernetes object and the place of its first line.
type Object struct {
	Kind       string `json:"kind"`
	APIVersion string `json:"api_version"`
	// Namespace is the one that the outermost kustomization gives, else the object's own; empty when neither says.
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
	File      string `json:"file"`
	Line      int    `json:"line"`
	// Listed is false for a file beside or below a kustomization that no kustomization reaches: it is never applied.
	Listed bool `json:"listed"`
}

// Applier is an object that names a folder of the repository to apply.
type Applier struct {
	Object
	Engine Engine `json:"engine"`
	// Path is the folder, relative to the repository; empty when the object names none (a chart from elsewhere).
	Path string `json:"path"`
	// Helm says that it installs a chart, by Helm itself, which runs the hooks of Jobs.
	Helm bool `json:"helm,omitempty"`
}

// Problem is a file that could not be read as YAML, from a line on: what follows in it is not in the inventory.
type Problem struct {
	File    string `json:"file"`
	Line    int    `json:"line"` // 0 when the fault has no line
	Message string `json:"message"`
}

// Within keeps what stands in the files that a function accepts: one application's part of the inventory of a repository.
// Appliers and problems stay as they are, wherever they stand, and the engine is the one that applies what was kept.
func (inv *Inventory) Within(accept func(file string) bool) *Inventory {
	out := &Inventory{
		MigrateJobs: keep(inv.MigrateJobs, func(j Job) bool { return accept(j.File) }),
		Workloads:   keep(inv.Workloads, func(w Workload) bool { return accept(w.File) }),
		Backups:     keep(inv.Backups, func(b Backup) bool { return accept(b.File) }),
		Databases:   keep(inv.Databases, func(s Store) bool { return accept(s.File) }),
		Poolers:     keep(inv.Poolers, func(s Store) bool { return accept(s.File) }),
		Redis:       keep(inv.Redis, func(s Store) bool { return accept(s.File) }),
		Search:      keep(inv.Search, func(s Store) bool { return accept(s.File) }),
		Settings:    keep(inv.Settings, func(s Setting) bool { return accept(s.File) }),
		Opaque:      keep(inv.Opaque, func(n Need) bool { return accept(n.File) }),
		Appliers:    keep(inv.Appliers, func(Applier) bool { return true }),
		Problems:    keep(inv.Problems, func(Problem) bool { return true }),
	}
	out.Engine = engine(out)
	return out
}

func keep[T any](list []T, accept func(T) bool) []T {
	out := make([]T, 0, len(list))
	for _, v := range list {
		if accept(v) {
			out = append(out, v)
		}
	}
	return out
}
