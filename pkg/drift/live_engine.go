package drift

import (
	"cmp"
	"slices"
	"strings"
)

// Engine is what applies the application in the cluster, as its object says.
type Engine struct {
	// Kind is Application, Kustomization or HelmRelease.
	Kind, Namespace, Name string
	// Sync and Health are Argo CD's words. For Flux, Sync is Ready or the reason why not, and Health is empty.
	Sync, Health string
	// Revision that was applied last, as the engine names it; may be empty.
	Revision string
	// Message is what the engine says of its trouble; may be empty.
	Message string
}

// OK tells that the engine has applied what it knows, and is content with what became of it.
func (e Engine) OK() bool {
	return e.Kind == "Application" && e.Sync == "Synced" && slices.Contains([]string{"Healthy", ""}, e.Health) || e.Kind != "Application" && e.Sync == "Ready"
}

// String is the engine and its state in a few words: Argo CD application mastodon: OutOfSync, Degraded.
func (e Engine) String() string {
	name := "Flux " + e.Kind + " " + e.Name
	if e.Kind == "Application" {
		name = "Argo CD application " + e.Name
	}

	return name + ": " + strings.Join(slices.DeleteFunc([]string{cmp.Or(e.Sync, "unknown"), e.Health}, func(s string) bool { return s == "" }), ", ")
}

// argoNamespace is where Argo CD has its applications unless it is told otherwise.
const argoNamespace = "argocd"

// EngineKinds are the objects of the engines that apply the application, by what the live objects say of who owns them. They are read
// by name; ask after [Outside.Cluster] is known.
func (in *Input) EngineKinds() []LiveKind {
	var out []LiveKind

	for _, o := range in.objects {
		l := in.counterpart(o)
		if l == nil {
			continue
		}

		for _, k := range in.ownersOf(l) {
			if !slices.ContainsFunc(out, func(other LiveKind) bool {
				return other.Kind == k.Kind && other.Namespace == k.Namespace && other.Names[0] == k.Names[0]
			}) {
				out = append(out, k)
			}
		}
	}

	slices.SortFunc(out, func(a, b LiveKind) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Namespace, b.Namespace), cmp.Compare(a.Names[0], b.Names[0]))
	})

	return out
}

// ownersOf reads the marks that engines leave on what they apply.
func (in *Input) ownersOf(l live) []LiveKind {
	var out []LiveKind

	label := func(name string) string { return l.text("metadata", "labels", name) }
	add := func(apiVersion, kind, namespace, name string) {
		if name != "" {
			out = append(out, LiveKind{APIVersion: apiVersion, Kind: kind, Namespace: namespace, Names: []string{name}, ByName: true})
		}
	}

	add("kustomize.toolkit.fluxcd.io/v1", "Kustomization", label("kustomize.toolkit.fluxcd.io/namespace"), label("kustomize.toolkit.fluxcd.io/name"))
	add("helm.toolkit.fluxcd.io/v2", "HelmRelease", label("helm.toolkit.fluxcd.io/namespace"), label("helm.toolkit.fluxcd.io/name"))

	// "app:group/Kind:namespace/name", where app is "namespace_app" for one that is not in Argo CD's own namespace.
	app, _, _ := strings.Cut(l.text("metadata", "annotations", "argocd.argoproj.io/tracking-id"), ":")
	namespace, name, elsewhere := strings.Cut(cmp.Or(app, label("argocd.argoproj.io/instance")), "_")

	if !elsewhere {
		namespace, name = in.argoOf(namespace), namespace
	}

	add("argoproj.io/v1alpha1", "Application", namespace, name)

	return out
}

// argoOf is the namespace of an Argo CD application: where the tree puts it, else the usual one.
func (in *Input) argoOf(name string) string {
	for _, o := range slices.Concat(in.objects, in.elsewhere) {
		if o.is("argoproj.io", "Application") && o.name == name && o.namespace != "" {
			return o.namespace
		}
	}

	return argoNamespace
}

// Engines are the engines whose objects were read.
func (in *Input) Engines() []Engine {
	if in.Outside.Cluster == nil {
		return nil
	}

	var out []Engine

	for _, o := range in.Outside.Cluster.Engines {
		l := live(o)
		e := Engine{Kind: l.kind(), Namespace: l.namespace(), Name: l.name()}

		if e.Kind == "Application" {
			e.argo(l)
		} else {
			e.flux(l)
		}

		out = append(out, e)
	}

	return out
}

func (e *Engine) argo(l live) {
	e.Sync, e.Health = l.text("status", "sync", "status"), l.text("status", "health", "status")
	e.Revision = l.text("status", "sync", "revision")

	if phase := l.text("status", "operationState", "phase"); phase == "Failed" || phase == "Error" {
		e.Message = l.text("status", "operationState", "message")
	}

	e.Message = cmp.Or(e.Message, l.text("status", "health", "message"))

	for _, c := range l.items("status", "conditions") {
		if strings.HasSuffix(c.text("type"), "Error") {
			e.Message = cmp.Or(e.Message, c.text("message"))
		}
	}
}

func (e *Engine) flux(l live) {
	e.Revision = cmp.Or(l.text("status", "lastAppliedRevision"), l.text("status", "lastAttemptedRevision"))
	ready := l.condition("Ready")

	switch suspended, _ := l.at("spec", "suspend").(bool); {
	case suspended:
		e.Sync = "suspended"
	case ready.text("status") == "True":
		e.Sync = "Ready"
	default:
		e.Sync, e.Message = cmp.Or(ready.text("reason"), "not ready"), ready.text("message")
	}
}

// evidence is what the engines say, for a finding about what they did not bring; empty where they are content or not known.
func (in *Input) evidence() string {
	var b strings.Builder

	for _, e := range in.Engines() {
		if e.OK() {
			continue
		}

		b.WriteString("; " + e.String())

		if e.Message != "" {
			b.WriteString(" (" + brief(e.Message) + ")")
		}
	}

	return b.String()
}

// brief is the beginning of what somebody else says, on one line.
func brief(text string) string {
	const most = 200

	runes := []rune(strings.Join(strings.Fields(text), " "))
	if len(runes) > most {
		return string(runes[:most]) + "…"
	}

	return string(runes)
}
