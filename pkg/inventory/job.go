package inventory

import (
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/goingdark-social/bot/internal/node"
)

const skipPost = "SKIP_POST_DEPLOYMENT_MIGRATIONS"

func (t *taker) migrateJob(o Object, object, c *yaml.Node, command string, init bool) Job {
	j := Job{
		Object: o, Container: node.Text(node.Get(c, "name")), Command: oneLine(redact(command)), Init: init,
		Image: node.Text(node.Get(c, "image")), Needs: []Need{},
		TTL:           node.Get(object, "spec", "ttlSecondsAfterFinished") != nil,
		GeneratedName: o.Name == "" && node.Text(node.Get(object, "metadata", "generateName")) != "",
		SkipPost:      slices.ContainsFunc(fields(command), func(w string) bool { return strings.HasPrefix(w, skipPost+"=") }),
	}
	if j.GeneratedName {
		j.Name = node.Text(node.Get(object, "metadata", "generateName"))
	}
	j.ImageFile, j.ImageLine = t.place(o, node.Get(c, "image"))
	t.hook(&j, node.Get(object, "metadata", "annotations"))
	return j
}

// hook reads the annotations by which engines order and replace a Job. Argo CD takes its own before Helm's.
func (t *taker) hook(j *Job, annotations *yaml.Node) {
	for _, of := range []struct{ who, hook, policy string }{
		{"argocd", "argocd.argoproj.io/hook", "argocd.argoproj.io/hook-delete-policy"},
		{"helm", "helm.sh/hook", "helm.sh/hook-delete-policy"},
	} {
		if h := node.Get(annotations, of.hook); node.Text(h) != "" && j.Hook == "" {
			j.Hook, j.HookOf = node.Text(h), of.who
			j.HookFile, j.HookLine = t.place(j.Object, h)
			j.DeletePolicy = node.Text(node.Get(annotations, of.policy))
		}
	}
	options := node.Text(node.Get(annotations, "argocd.argoproj.io/sync-options"))
	j.Replace = strings.Contains(options, "Replace=true") || strings.Contains(options, "Force=true") ||
		strings.EqualFold(node.Text(node.Get(annotations, "kustomize.toolkit.fluxcd.io/force")), "enabled")
}

func hookHas(value string, names ...string) bool {
	for name := range strings.SplitSeq(value, ",") {
		if slices.Contains(names, strings.TrimSpace(name)) {
			return true
		}
	}
	return false
}

// phases judges what part of an upgrade each Job does. A Job that leaves nothing out is the post phase when its hook says
// so or when another one goes ahead of it; alone it does everything.
func (t *taker) phases() {
	jobs := t.inv.MigrateJobs
	pre := slices.ContainsFunc(jobs, func(j Job) bool { return j.SkipPost && j.Listed })
	for i := range jobs {
		switch j := &jobs[i]; {
		case j.SkipPost:
			j.Phase = PhasePre
		case j.After(), pre && !j.Before() && !j.Init:
			j.Phase = PhasePost
		default:
			j.Phase = PhaseSingle
		}
	}
}
