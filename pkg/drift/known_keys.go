package drift

// knownKey is a label or annotation that some software acts on.
type knownKey struct {
	where, key string
	values     []string // all that it knows, comma-separated in the object; none: any
}

var (
	levels = []string{"privileged", "baseline", "restricted"}
	phases = []string{"PreSync", "Sync", "PostSync", "SyncFail", "Skip", "PreDelete", "PostDelete"}
	events = []string{
		"pre-install", "post-install", "pre-delete", "post-delete", "pre-upgrade", "post-upgrade", "pre-rollback", "post-rollback",
		"test", "test-success", "test-failure", "crd-install",
	}
)

// wellKnown are the keys as their projects document them: Kubernetes (Pod Security admission), Argo CD (sync phases, waves and
// options), Helm (chart hooks) and Flux (kustomize-controller, helm-controller).
var wellKnown = []knownKey{
	{"labels", "pod-security.kubernetes.io/enforce", levels},
	{"labels", "pod-security.kubernetes.io/audit", levels},
	{"labels", "pod-security.kubernetes.io/warn", levels},
	{"labels", "pod-security.kubernetes.io/enforce-version", nil},
	{"labels", "pod-security.kubernetes.io/audit-version", nil},
	{"labels", "pod-security.kubernetes.io/warn-version", nil},

	{"annotations", "argocd.argoproj.io/hook", phases},
	{"annotations", "argocd.argoproj.io/hook-delete-policy", []string{"HookSucceeded", "HookFailed", "BeforeHookCreation"}},
	{"annotations", "argocd.argoproj.io/sync-wave", nil},
	{"annotations", "argocd.argoproj.io/sync-options", nil},
	{"annotations", "argocd.argoproj.io/compare-options", nil},
	{"annotations", "argocd.argoproj.io/ignore-healthcheck", nil},
	{"annotations", "argocd.argoproj.io/manifest-generate-paths", nil},
	{"annotations", "argocd.argoproj.io/tracking-id", nil},
	{"annotations", "argocd.argoproj.io/skip-reconcile", nil},

	{"annotations", "helm.sh/hook", events},
	{"annotations", "helm.sh/hook-weight", nil},
	{"annotations", "helm.sh/hook-delete-policy", []string{"before-hook-creation", "hook-succeeded", "hook-failed"}},
	{"annotations", "helm.sh/resource-policy", []string{"keep"}},

	{"annotations", "kustomize.toolkit.fluxcd.io/force", nil},
	{"annotations", "kustomize.toolkit.fluxcd.io/prune", nil},
	{"annotations", "kustomize.toolkit.fluxcd.io/reconcile", nil},
	{"annotations", "kustomize.toolkit.fluxcd.io/ssa", nil},
	{"annotations", "kustomize.toolkit.fluxcd.io/substitute", nil},
	{"annotations", "helm.toolkit.fluxcd.io/driftDetection", nil},
	{"annotations", "reconcile.fluxcd.io/requestedAt", nil},
}

// alsoReal are keys near to those above that others do read.
var alsoReal = []string{"argocd.argoproj.io/instance", "argocd.argoproj.io/managed-by", "argocd.argoproj.io/refresh", "helm.sh/chart", "kustomize.toolkit.fluxcd.io/name", "kustomize.toolkit.fluxcd.io/namespace"}

// wrongPrefixes are what people write for a prefix.
var wrongPrefixes = map[string][]string{
	"pod-security.kubernetes.io": {
		"podsecurity.kubernetes.io", "pod-security.k8s.io", "podsecurity.k8s.io", "pod-security.kubernetes.com", "security.kubernetes.io", "podsecuritystandard.kubernetes.io",
	},
	"argocd.argoproj.io":          {"argo-cd.argoproj.io", "argoproj.io", "argocd.io", "argocd.argoproj.com", "argo.argoproj.io", "argocd.argoprojio"},
	"helm.sh":                     {"helm.io", "helm.k8s.io", "helm.dev", "helm"},
	"kustomize.toolkit.fluxcd.io": {"kustomize.fluxcd.io", "kustomization.toolkit.fluxcd.io", "toolkit.fluxcd.io", "fluxcd.io"},
	"reconcile.fluxcd.io":         {"reconcile.toolkit.fluxcd.io"},
}
