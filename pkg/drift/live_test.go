package drift_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/goingdark-social/bot/pkg/drift"
)

const liveTree = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web
        image: ghcr.io/glitch-soc/mastodon:v4.4.3
        command: [puma]
        env:
        - {name: DB_PASS, value: canary}
        resources: {requests: {cpu: 0.5}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: env}
data: {LOCAL_DOMAIN: example.org, SMTP_PASSWORD: canary}
`

// asIs is the live Deployment that the tree means, with another value in the place of one.
func asIs(old, text string) string {
	return strings.Replace(`
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: social}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  strategy: {type: RollingUpdate}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web
        image: ghcr.io/glitch-soc/mastodon:v4.4.3
        command: [puma]
        env:
        - {name: DB_PASS, value: canary}
        resources: {requests: {cpu: 500m}}
`, old, text, 1)
}

const (
	liveMap = "{apiVersion: v1, kind: ConfigMap, metadata: {name: env, namespace: social}, data: {LOCAL_DOMAIN: example.org, SMTP_PASSWORD: canary}}"
	bareMap = "{apiVersion: v1, kind: ConfigMap, metadata: {name: env, namespace: social}}"
	scaler  = "{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: web, namespace: social}, spec: {scaleTargetRef: {kind: Deployment, name: web}}}"
)

func liveObject(t *testing.T, text string) map[string]any {
	t.Helper()

	var o map[string]any
	if err := yaml.Unmarshal([]byte(text), &o); err != nil {
		t.Fatal(err)
	}

	return o
}

func TestLive(t *testing.T) {
	t.Parallel()

	for name, c := range map[string]struct {
		objects []string
		unread  []drift.Unread
		want    []string
	}{
		"as rendered":                   {objects: []string{asIs("", ""), liveMap}},
		"scaled by hand":                {objects: []string{asIs("replicas: 2", "replicas: 5"), liveMap}, want: []string{"warning live-diff web spec.replicas"}},
		"scaled by an autoscaler":       {objects: []string{asIs("replicas: 2", "replicas: 5"), liveMap, scaler}},
		"another password":              {objects: []string{asIs("value: canary", "value: canary2"), liveMap}, want: []string{"warning live-diff web spec.template.spec.containers[name=web].env[name=DB_PASS].value"}},
		"another image":                 {objects: []string{asIs("ghcr.io/glitch-soc/mastodon:v4.4.3", "example.org/mastodon:v4.4.3"), liveMap}, want: []string{"warning live-diff web spec.template.spec.containers[name=web].image"}},
		"another release":               {objects: []string{asIs(":v4.4.3", ":v4.4.2"), liveMap}, want: []string{"error live-version web"}},
		"a map without data":            {objects: []string{asIs("", ""), bareMap}, want: []string{"warning live-diff env data"}},
		"an object that is not live":    {objects: []string{asIs("", "")}, want: []string{"warning live-diff env"}},
		"in another namespace":          {objects: []string{strings.Replace(asIs("", ""), "social", "other", 1), liveMap}, want: []string{"warning live-diff web"}},
		"a namespace that is not there": {want: []string{"warning live-diff social"}},
		"a kind that is forbidden": {
			objects: []string{asIs("", "")}, unread: []drift.Unread{{Kind: "ConfigMap", Reason: "forbidden"}},
			want: []string{"info live-diff ConfigMap"},
		},
		"nonsense": {objects: []string{asIs("", ""), liveMap, "{kind: Pod, metadata: 7, status: [x]}", "{}"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			cluster := &drift.Live{Namespace: "social", Unread: c.unread}
			for _, text := range c.objects {
				cluster.Objects = append(cluster.Objects, liveObject(t, text))
			}

			tree := fstest.MapFS{
				"app/kustomization.yaml": {Data: []byte("resources: [all.yaml]\n")},
				"app/all.yaml":           {Data: []byte(liveTree)},
			}

			var got []string
			for _, f := range outer(t, tree, drift.Outside{Cluster: cluster}, options(), "live-version", "live-diff", "rollout-stuck", "migrate-failed") {
				got = append(got, fmt.Sprintf("%s %s %s", f.Severity, f.Check, f.Name))

				if text := fmt.Sprintf("%+v", f); strings.Contains(text, "canary") {
					t.Errorf("a finding shows a secret: %s", text)
				}

				if f.File == "" || f.Fix == "" {
					t.Errorf("no place or no fix: %+v", f)
				}
			}

			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}
