package drift_test

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/goingdark-social/bot/pkg/drift"
)

// generatedTree has Jobs whose names are generated, as Argo CD's hooks often are. It is applied without kustomize, which refuses them.
const generatedTree = `
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
metadata: {generateName: migrate-, annotations: {argocd.argoproj.io/hook: PreSync}}
spec:
  template:
    spec:
      containers:
      - {name: migrate, image: "ghcr.io/glitch-soc/mastodon:v4.4.4", command: [bundle, exec, rails, "db:migrate"], env: [{name: SKIP_POST_DEPLOYMENT_MIGRATIONS, value: "true"}]}
---
apiVersion: batch/v1
kind: Job
metadata: {generateName: migrate-post-, annotations: {argocd.argoproj.io/hook: PostSync}}
spec:
  template:
    spec: {containers: [{name: migrate, image: "ghcr.io/glitch-soc/mastodon:v4.4.4", command: [bundle, exec, rails, "db:migrate"]}]}
`

// generatedJob is a live Job, made some minutes past nine.
func generatedJob(name, more, tag, minute, status string) string {
	return `{apiVersion: batch/v1, kind: Job, metadata: {name: ` + name + `, namespace: social, creationTimestamp: "2026-01-01T09:` + minute + `:00Z", ` + more + `},
  spec: {template: {spec: {containers: [{name: migrate, image: "ghcr.io/glitch-soc/mastodon:` + tag + `"}]}}}, status: {` + status + `}}`
}

func TestGeneratedNames(t *testing.T) {
	t.Parallel()

	const (
		pre, post = "annotations: {argocd.argoproj.io/hook: PreSync}", "annotations: {argocd.argoproj.io/hook: PostSync}"
		noted     = pre + ", generateName: migrate-"
		failed    = `failed: 7, conditions: [{type: Failed, status: "True", message: no more tries}]`
		complete  = `completionTime: "2026-01-01T09:59:00Z", conditions: [{type: Complete, status: "True"}]`
	)

	type row struct {
		Name  string
		State drift.JobState
		Ended bool
	}

	absent := row{"migrate-post-", drift.JobAbsent, false}

	for name, c := range map[string]struct {
		jobs  []string
		want  []row
		finds []string
	}{
		"none yet":                 {want: []row{{"migrate-", drift.JobAbsent, false}, absent}},
		"those of another release": {jobs: []string{generatedJob("migrate-x1", noted, "v4.4.3", "00", complete), generatedJob("migrate-x2", noted, "v4.4.3", "01", failed)}, want: []row{{"migrate-", drift.JobAbsent, false}, absent}},
		"it runs":                  {jobs: []string{generatedJob("migrate-x1", noted, "v4.4.3", "00", complete), generatedJob("migrate-x2", noted, "v4.4.4", "01", "active: 1")}, want: []row{{"migrate-x2", drift.JobRunning, false}, absent}},
		"the last one counts": {
			jobs: []string{generatedJob("migrate-b", noted, "v4.4.4", "05", failed), generatedJob("migrate-a", noted, "v4.4.4", "06", complete), generatedJob("migrate-c", noted, "v4.4.4", "04", failed)},
			want: []row{{"migrate-a", drift.JobDone, true}, absent},
		},
		"and of one second the later name": {
			jobs: []string{generatedJob("migrate-0ff1ce0-presync-2", noted, "v4.4.4", "05", complete), generatedJob("migrate-0ff1ce0-presync-1", noted, "v4.4.4", "05", failed)},
			want: []row{{"migrate-0ff1ce0-presync-2", drift.JobDone, true}, absent},
		},
		"it failed": {
			jobs: []string{generatedJob("migrate-x1", noted, "v4.4.4", "00", failed)}, want: []row{{"migrate-x1", drift.JobFailed, false}, absent},
			finds: []string{"Job migrate-x1 to v4.4.4 failed: no more tries"},
		},
		"one begins as the other does": {
			jobs: []string{generatedJob("migrate-post-9", post, "v4.4.4", "07", complete), generatedJob("migrate-9", pre, "v4.4.4", "01", "active: 1")},
			want: []row{{"migrate-9", drift.JobRunning, false}, {"migrate-post-9", drift.JobDone, true}},
		},
		"another hook, or another beginning": {
			jobs: []string{generatedJob("migrate-8", post, "v4.4.4", "07", failed), generatedJob("migrate-9", pre+", generateName: migrate-9", "v4.4.4", "01", failed)},
			want: []row{{"migrate-", drift.JobAbsent, false}, absent},
		},
		"in another namespace": {
			jobs: []string{strings.Replace(generatedJob("migrate-8", noted, "v4.4.4", "07", failed), "social", "other", 1)},
			want: []row{{"migrate-", drift.JobAbsent, false}, absent},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			tree := fstest.MapFS{"app/all.yaml": {Data: []byte(generatedTree)}}
			cluster := &drift.Live{Namespace: "social", Objects: []map[string]any{liveObject(t, deployment("v4.4.4", "observedGeneration: 2, replicas: 2, updatedReplicas: 2, readyReplicas: 2"))}}

			for _, text := range c.jobs {
				cluster.Objects = append(cluster.Objects, liveObject(t, text))
			}

			in := inputs(t, tree, options())[0]
			in.Outside.Cluster = cluster
			in.Now = time.Date(2026, 1, 1, 9, 8, 0, 0, time.UTC)

			var got []row
			for _, j := range in.Progress().Jobs {
				got = append(got, row{j.Name, j.State, !j.Ended.IsZero()})

				if j.All != strings.HasPrefix(j.Name, "migrate-post-") {
					t.Errorf("%s runs every migration: %v", j.Name, j.All)
				}
			}

			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}

			checks, err := drift.Select([]string{"migrate-failed", "live-version", "live-diff"}, nil)
			if err != nil {
				t.Fatal(err)
			}

			var finds []string

			found, _ := drift.Run(in, checks)
			for _, f := range found {
				if f.Check == "live-diff" {
					if strings.Contains(f.Message, "is not in the cluster") {
						t.Errorf("one that is gone is missed: %s", f.Message)
					}

					continue // these have fewer fields than real ones
				}

				if finds = append(finds, f.Message); f.Line < 10 || f.Name != "migrate-" {
					t.Errorf("it is not at its Job: %+v", f)
				}
			}

			if diff := cmp.Diff(c.finds, finds); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}
