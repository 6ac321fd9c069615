package drift_test

import (
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/goingdark-social/bot/pkg/drift"
)

const rollingTree = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "ghcr.io/glitch-soc/mastodon:v4.4.4", command: [puma]}]}
---
apiVersion: batch/v1
kind: Job
metadata: {name: migrate}
spec:
  template:
    spec: {containers: [{name: migrate, image: "ghcr.io/glitch-soc/mastodon:v4.4.4", command: [bundle, exec, rails, "db:migrate"]}]}
`

// progress is what the objects of a cluster come to.
func progress(t *testing.T, o drift.Options, objects ...string) (*drift.Input, drift.Progress) {
	t.Helper()

	tree := fstest.MapFS{
		"app/kustomization.yaml": {Data: []byte("resources: [all.yaml]\n")},
		"app/all.yaml":           {Data: []byte(rollingTree)},
	}

	in := inputs(t, tree, o)[0]
	in.Outside.Cluster = &drift.Live{Namespace: "social"}

	for _, text := range objects {
		in.Outside.Cluster.Objects = append(in.Outside.Cluster.Objects, liveObject(t, text))
	}

	return in, in.Progress()
}

func deployment(tag, status string) string {
	return `{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: social, generation: 2}, spec: {replicas: 2, selector: {matchLabels: {app: web}},
  template: {spec: {containers: [{name: web, image: "ghcr.io/glitch-soc/mastodon:` + tag + `"}]}}}, status: {` + status + `}}`
}

func podOn(name, tag, ready string) string {
	return `{apiVersion: v1, kind: Pod, metadata: {name: ` + name + `, namespace: social, labels: {app: web}}, spec: {containers: [{name: web, image: "ghcr.io/glitch-soc/mastodon:` + tag +
		`"}]}, status: {phase: Running, conditions: [{type: Ready, status: "True", lastTransitionTime: "` + ready + `"}]}}`
}

func TestProgress(t *testing.T) {
	t.Parallel()

	const full = "observedGeneration: 2, replicas: 2, updatedReplicas: 2, readyReplicas: 2"

	first, last := time.Date(2026, 1, 1, 10, 0, 0, 0, time.UTC), time.Date(2026, 1, 1, 10, 5, 0, 0, time.UTC)
	one, two := podOn("a", "v4.4.4", "2026-01-01T10:05:00Z"), podOn("b", "v4.4.4", "2026-01-01T10:00:00Z")
	job := func(tag, status string) string {
		return `{apiVersion: batch/v1, kind: Job, metadata: {name: migrate, namespace: social}, spec: {template: {spec: {containers: [{name: migrate, image: "ghcr.io/glitch-soc/mastodon:` + tag +
			`"}]}}}, status: {` + status + `}}`
	}

	for name, c := range map[string]struct {
		objects []string
		done    bool
		running []string
		first   time.Time
		last    time.Time
		job     drift.JobState
	}{
		"nothing there":        {running: []string{}, job: drift.JobAbsent},
		"not begun":            {objects: []string{deployment("v4.4.3", full), podOn("a", "v4.4.3", "2026-01-01T09:00:00Z"), job("v4.4.3", "")}, running: []string{"v4.4.3"}, job: drift.JobOther},
		"not seen by its own":  {objects: []string{deployment("v4.4.4", "observedGeneration: 1, replicas: 2, updatedReplicas: 2, readyReplicas: 2")}, running: []string{}, job: drift.JobAbsent},
		"half way":             {objects: []string{deployment("v4.4.4", "observedGeneration: 2, replicas: 3, updatedReplicas: 2, readyReplicas: 2"), one, podOn("c", "v4.4.3", "2026-01-01T09:00:00Z"), job("v4.4.4", "active: 1")}, running: []string{"v4.4.3", "v4.4.4"}, first: last, last: last, job: drift.JobRunning},
		"one pod still leaves": {objects: []string{deployment("v4.4.4", full), one, podOn("c", "v4.4.3", "2026-01-01T09:00:00Z")}, running: []string{"v4.4.3", "v4.4.4"}, first: last, last: last, job: drift.JobAbsent},
		"there": {
			objects: []string{deployment("v4.4.4", full), one, two, job("v4.4.4", `completionTime: "2026-01-01T09:59:00Z", conditions: [{type: Complete, status: "True"}]`)},
			done:    true, running: []string{"v4.4.4"}, first: first, last: last, job: drift.JobDone,
		},
		"a Job that failed": {objects: []string{job("v4.4.4", `conditions: [{type: Failed, status: "True"}]`)}, running: []string{}, job: drift.JobFailed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			_, p := progress(t, options(), c.objects...)
			want := drift.WorkloadProgress{
				Component: "web", Kind: "Deployment", Name: "web", Tag: "v4.4.4", Done: c.done, Running: c.running, First: c.first, Last: c.last,
			}

			if diff := cmp.Diff([]drift.WorkloadProgress{want}, p.Workloads); diff != "" {
				t.Error(diff)
			}

			if len(p.Jobs) != 1 || p.Jobs[0].State != c.job || !p.Jobs[0].All || p.Jobs[0].Namespace != "social" {
				t.Errorf("jobs %+v", p.Jobs)
			}

			if p.Settled() != c.done {
				t.Error("settled:", p.Settled())
			}
		})
	}
}

func TestEngines(t *testing.T) {
	t.Parallel()

	owned := func(metadata string) string {
		return `{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: social, ` + metadata + `}, spec: {template: {spec: {containers: [{name: web, image: "ghcr.io/glitch-soc/mastodon:v4.4.3"}]}}}}`
	}

	for name, c := range map[string]struct{ metadata, engine, kind, says string }{
		"argo": {
			`annotations: {argocd.argoproj.io/tracking-id: "mastodon:apps/Deployment:social/web"}`,
			`{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: mastodon, namespace: argocd}, status: {sync: {status: OutOfSync}, health: {status: Degraded, message: "no pods"}}}`,
			"argocd/mastodon", "Argo CD application mastodon: OutOfSync, Degraded (no pods)",
		},
		"argo elsewhere": {
			`annotations: {argocd.argoproj.io/tracking-id: "apps_mastodon:apps/Deployment:social/web"}`,
			`{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: mastodon, namespace: apps}, status: {operationState: {phase: Failed, message: "hook failed"}}}`,
			"apps/mastodon", "Argo CD application mastodon: unknown (hook failed)",
		},
		"flux": {
			`labels: {kustomize.toolkit.fluxcd.io/name: apps, kustomize.toolkit.fluxcd.io/namespace: flux-system}`,
			`{apiVersion: kustomize.toolkit.fluxcd.io/v1, kind: Kustomization, metadata: {name: apps, namespace: flux-system}, status: {conditions: [{type: Ready, status: "False", reason: BuildFailed, message: "no such file"}]}}`,
			"flux-system/apps", "Flux Kustomization apps: BuildFailed (no such file)",
		},
		"helm": {
			`labels: {helm.toolkit.fluxcd.io/name: social, helm.toolkit.fluxcd.io/namespace: social}`,
			`{apiVersion: helm.toolkit.fluxcd.io/v2, kind: HelmRelease, metadata: {name: social, namespace: social}, spec: {suspend: true}}`,
			"social/social", "Flux HelmRelease social: suspended",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			in, _ := progress(t, options(), owned(c.metadata))

			kinds := in.EngineKinds()
			if len(kinds) != 1 || kinds[0].Namespace+"/"+kinds[0].Names[0] != c.kind || !kinds[0].ByName {
				t.Fatalf("%+v", kinds)
			}

			in.Outside.Cluster.Engines = []map[string]any{liveObject(t, c.engine)}
			checks, err := drift.Select([]string{"live-version"}, nil)
			if err != nil {
				t.Fatal(err)
			}

			found, _ := drift.Run(in, checks)
			want := "Deployment web is on v4.4.3 in the cluster and on v4.4.4 in the tree; " + c.says

			if len(found) != 1 || found[0].Message != want {
				t.Errorf("%+v\nwant %s", found, want)
			}
		})
	}
}
