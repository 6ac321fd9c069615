package drift_test

import (
	"fmt"
	"slices"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/goingdark-social/bot/pkg/config"
	"github.com/goingdark-social/bot/pkg/drift"
)

// made is a pod on a release that was made a while ago.
func made(name, tag string, ago time.Duration) string {
	return fmt.Sprintf(`{apiVersion: v1, kind: Pod, metadata: {name: %s, namespace: social, labels: {app: web}, creationTimestamp: %q},
  spec: {containers: [{name: web, image: "ghcr.io/glitch-soc/mastodon:%s"}]}, status: {phase: Running}}`, name, now.Add(-ago).Format(time.RFC3339), tag)
}

// TestPodsOfTwoReleases are a roll-out under way, until they last for longer
// than the policy allows.
func TestPodsOfTwoReleases(t *testing.T) {
	t.Parallel()

	tree := fstest.MapFS{"app/kustomization.yaml": {Data: []byte("resources: [all.yaml]\n")}, "app/all.yaml": {Data: []byte(liveTree)}}

	const (
		underWay = "warning live-version pods of Deployment web still run v4.4.2; a roll-out to v4.4.3 is under way"
		stuck    = "error rollout-stuck Deployment web runs pods of v4.4.2 and v4.4.3 for more than "
	)

	for name, c := range map[string]struct {
		overlap time.Duration // of the policy; 0: its default
		newest  time.Duration // ago
		want    []string
	}{
		"for some minutes":              {newest: 10 * time.Minute, want: []string{underWay}},
		"for longer than usual":         {newest: 31 * time.Minute, want: []string{underWay, stuck + "30m"}},
		"as long as the policy allows":  {overlap: 2 * time.Hour, newest: time.Hour, want: []string{underWay}},
		"longer than the policy allows": {overlap: 5 * time.Minute, newest: 10 * time.Minute, want: []string{underWay, stuck + "5m"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			o := options()
			o.Policy.Rollout = config.Rollout{Overlap: c.overlap}

			cluster := &drift.Live{Namespace: "social"}
			for _, text := range []string{asIs("", ""), liveMap, made("old", "v4.4.2", 24*time.Hour), made("older", "v4.4.3", 3*time.Hour), made("new", "v4.4.3", c.newest)} {
				cluster.Objects = append(cluster.Objects, liveObject(t, text))
			}

			var got []string
			for _, f := range outer(t, tree, drift.Outside{Cluster: cluster}, o, "live-version", "live-diff", "rollout-stuck") {
				got = append(got, fmt.Sprintf("%s %s %s", f.Severity, f.Check, f.Message))
			}

			slices.Sort(c.want)
			slices.Sort(got)

			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// TestOneListAKind: each kind is asked for once a namespace, and Secrets never.
func TestOneListAKind(t *testing.T) {
	t.Parallel()

	const more = `
---
{apiVersion: v1, kind: Secret, metadata: {name: s}, stringData: {a: b}}
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: another}}
---
{apiVersion: apps/v1, kind: Deployment, metadata: {name: cache}, spec: {template: {spec: {containers: [{name: c, image: "redis:7"}]}}}}
`

	tree := fstest.MapFS{"app/kustomization.yaml": {Data: []byte("namespace: social\nresources: [all.yaml]\n")}, "app/all.yaml": {Data: []byte(liveTree + more)}}

	var got []string
	for _, k := range inputs(t, tree, options())[0].Kinds() {
		got = append(got, fmt.Sprintf("%s %s %s %v", k.Namespace, k.APIVersion, k.Kind, k.Names))
	}

	want := []string{
		"social v1 ConfigMap [another env]", "social apps/v1 Deployment [cache web]", "social autoscaling/v2 HorizontalPodAutoscaler []", "social v1 Pod []",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
