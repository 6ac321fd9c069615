package inventory

// Component is what a container of a Mastodon image does.
type Component string

// The components. Job is every other use of the images: tootctl, a shell, a rake task.
const (
	Web       Component = "web"
	Sidekiq   Component = "sidekiq"
	Streaming Component = "streaming"
	Migrate   Component = "migrate"
	OtherJob  Component = "job"
)

// Workload is one container of a Mastodon image; a pod with two of them is two workloads.
type Workload struct {
	Object
	Component Component `json:"component"`
	Container string    `json:"container"`
	Image     string    `json:"image"`
	ImageFile string    `json:"image_file"` // a kustomization may name another one than the object does
	ImageLine int       `json:"image_line"`
	// Command is command and args in one line, as a shell would see them.
	Command string `json:"command"`
	// Replicas is -1 when the manifest states none.
	Replicas int `json:"replicas"`
	// Queues of a Sidekiq process in the order of its command line; empty serves what the release's own configuration
	// lists, unless QueuesUnknown says that a configuration file decides.
	Queues        []string `json:"queues"`
	QueuesUnknown bool     `json:"queues_unknown,omitempty"`
	// Concurrency of a Sidekiq process as its command line says; 0 when it does not.
	Concurrency int `json:"concurrency,omitempty"`
	// Probes are the commands of exec probes and lifecycle hooks.
	Probes []Probe `json:"probes"`
}

// Probe is a command that Kubernetes runs in a container.
type Probe struct {
	Kind    string `json:"kind"` // startupProbe, readinessProbe, livenessProbe, postStart, preStop
	Command string `json:"command"`
	File    string `json:"file"`
	Line    int    `json:"line"`
}

// Phase is the part of an upgrade that a migrate Job does.
type Phase string

// The phases. Single is a Job that runs every migration at once.
const (
	PhasePre    Phase = "pre"
	PhasePost   Phase = "post"
	PhaseSingle Phase = "single"
)

// Job is a container that migrates the database: of a Job, or an init container of a workload.
type Job struct {
	Object
	Container string `json:"container"`
	Image     string `json:"image"`
	ImageFile string `json:"image_file"`
	ImageLine int    `json:"image_line"`
	Command   string `json:"command"`
	Phase     Phase  `json:"phase"`
	// SkipPost says that SKIP_POST_DEPLOYMENT_MIGRATIONS is set, to anything: "false" and nothing at all count.
	SkipPost bool `json:"skip_post"`
	// Init says that it is an init container: it runs with every new pod, not once.
	Init bool `json:"init,omitempty"`
	// Hook is the value of the hook annotation ("PreSync", "pre-install,pre-upgrade"), empty without one.
	Hook string `json:"hook"`
	// HookOf is whose annotation it is: argocd or helm.
	HookOf string `json:"hook_of,omitempty"`
	// HookFile and HookLine are where the annotation stands.
	HookFile string `json:"hook_file,omitempty"`
	HookLine int    `json:"hook_line,omitempty"`
	// DeletePolicy is the value of the hook's delete policy, empty without one.
	DeletePolicy string `json:"delete_policy,omitempty"`
	// TTL says that ttlSecondsAfterFinished is set.
	TTL bool `json:"ttl,omitempty"`
	// Replace says that the engine is told to replace or force the object instead of patching it.
	Replace bool `json:"replace,omitempty"`
	// GeneratedName says that the Job has no fixed name (generateName).
	GeneratedName bool `json:"generated_name,omitempty"`
	// Host is the database host that its own env or command states, or a ConfigMap it takes its env from.
	Host string `json:"host,omitempty"`
	// Needs are the ConfigMaps and Secrets that its pod cannot start without.
	Needs []Need `json:"needs"`
}

// Need is a ConfigMap or Secret that a pod names.
type Need struct {
	Kind string `json:"kind"`
	Name string `json:"name"`
	File string `json:"file"`
	Line int    `json:"line"`
	// MadeBy is the kind that makes it in these files: ConfigMap, Secret, configMapGenerator, secretGenerator,
	// ExternalSecret, SealedSecret, Certificate; empty when nothing here does.
	MadeBy string `json:"made_by,omitempty"`
	// Fixed says of a generated one that its name carries no hash: it changes under the pods that use it.
	Fixed bool `json:"fixed,omitempty"`
}

// Before tells that the hook runs ahead of the roll-out, in an engine that honours it.
func (j Job) Before() bool {
	return hookHas(j.Hook, "PreSync", "pre-install", "pre-upgrade")
}

// After tells that the hook runs when the roll-out is done, in an engine that honours it.
func (j Job) After() bool {
	return hookHas(j.Hook, "PostSync", "post-install", "post-upgrade")
}

// Honoured tells that an engine acts on the Job's hook. Argo CD reads its own annotations and Helm's, Flux's
// Kustomizations and kubectl neither. A HelmRelease of Flux is Helm: see [Inventory.Honours].
func (j Job) Honoured(e Engine) bool { return j.Hook != "" && e == EngineArgoCD }

// Honours tells that what applies the tree acts on the Job's hook.
func (inv *Inventory) Honours(j Job) bool {
	a, ok := inv.Applies()
	return j.Honoured(inv.Engine) || ok && a.Helm && j.HookOf == "helm"
}

// Setting is one environment variable that the repository sets for a container of a Mastodon image. A file that no
// kustomization reaches sets nothing.
type Setting struct {
	Name string `json:"name"`
	// Value is empty, and Known false, for what a Secret or the cluster fills in.
	Value      string      `json:"value"`
	Known      bool        `json:"known"`
	Components []Component `json:"components"`
	// Via is the object that holds it when it is not the container itself: "ConfigMap mastodon-db-env".
	Via  string `json:"via,omitempty"`
	File string `json:"file"`
	Line int    `json:"line"`
}

// key is a setting without its components, to find the same one again.
func (s Setting) key() settingKey { return settingKey{s.Name, s.Via, s.File, s.Line} }

type settingKey struct {
	name, via, file string
	line            int
}
