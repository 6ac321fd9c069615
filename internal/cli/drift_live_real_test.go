//go:build real

package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"

	"github.com/goingdark-social/bot/internal/kubetest"
	"github.com/goingdark-social/bot/pkg/contract"
)

// The account of the bot, as deploy/overlays/cluster makes it.
var reader = kubetest.User{
	Name: "system:serviceaccount:mastodon-bot:bot", Groups: []string{"system:serviceaccounts", "system:authenticated"},
}

const (
	applicationDir = "k8s/applications/web/mastodon"
	clusterOverlay = "../../deploy/overlays/cluster"
)

// rendered is `kustomize build DIR` as the API server takes it.
func rendered(t *testing.T, dir string) []map[string]any {
	t.Helper()

	resources, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), dir)
	if err != nil {
		t.Fatal(err)
	}

	var out []map[string]any

	for _, r := range resources.Resources() {
		data, err := r.MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}

		var o map[string]any
		if err := json.Unmarshal(data, &o); err != nil {
			t.Fatal(err)
		}

		out = append(out, o)
	}

	return out
}

// live is a cluster with the tidy example, and the folder that it came from.
type liveCluster struct {
	*kubetest.Cluster

	t    *testing.T
	dir  string
	kube string // a kubeconfig of reader
}

// crds are the kinds of operators that the example uses, with any content.
func crds(objects []map[string]any) []map[string]any {
	var out []map[string]any

	known := map[string]bool{}

	for _, o := range objects {
		group, version, _ := strings.Cut(o["apiVersion"].(string), "/")
		kind, _ := o["kind"].(string)

		if !strings.Contains(group, ".") || strings.HasSuffix(group, ".k8s.io") && !strings.HasPrefix(group, "gateway") || known[kind] {
			continue
		}

		known[kind] = true
		singular := strings.ToLower(kind)
		out = append(out, map[string]any{
			"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
			"metadata": map[string]any{
				"name":        singular + "s." + group,
				"annotations": map[string]any{"api-approved.kubernetes.io": "https://github.com/kubernetes-sigs/gateway-api"},
			},
			"spec": map[string]any{
				"group": group, "scope": "Namespaced",
				"names": map[string]any{"kind": kind, "plural": singular + "s", "singular": singular, "listKind": kind + "List"},
				"versions": []any{map[string]any{
					"name": version, "served": true, "storage": true,
					"schema": map[string]any{"openAPIV3Schema": map[string]any{"type": "object", "x-kubernetes-preserve-unknown-fields": true}},
				}},
			},
		})
	}

	return out
}

func startLive(t *testing.T) *liveCluster {
	t.Helper()

	c := &liveCluster{Cluster: kubetest.Start(t, reader), t: t, dir: copied(t, "goingdark"), kube: filepath.Join(t.TempDir(), "kubeconfig")}
	objects := rendered(t, filepath.Join(c.dir, applicationDir))

	for _, list := range [][]map[string]any{crds(objects), objects, rendered(t, clusterOverlay)} {
		for _, o := range list {
			err := c.Apply(t.Context(), kubetest.Admin(), o)
			for end := time.Now().Add(time.Minute); err != nil && time.Now().Before(end); err = c.Apply(t.Context(), kubetest.Admin(), o) {
				time.Sleep(200 * time.Millisecond) // a new kind takes a moment to be served
			}

			if err != nil {
				t.Fatal(err)
			}
		}
	}

	c.configure()

	return c
}

// configure writes the kubeconfig of the reader.
func (c *liveCluster) configure() {
	config := c.Config(reader)
	kube := clientcmdapi.NewConfig()
	kube.Clusters["c"] = &clientcmdapi.Cluster{Server: config.Host, CertificateAuthority: config.CAFile}
	kube.AuthInfos["u"] = &clientcmdapi.AuthInfo{Token: config.BearerToken}
	kube.Contexts["test"] = &clientcmdapi.Context{Cluster: "c", AuthInfo: "u", Namespace: "mastodon"}

	if err := clientcmd.WriteToFile(*kube, c.kube); err != nil {
		c.t.Fatal(err)
	}
}

// drift runs bot drift against the cluster: a line a finding.
func (c *liveCluster) drift(args ...string) (found []string, stderr string) {
	c.t.Helper()

	var out, errs bytes.Buffer

	p := &Program{
		Stdout: &out, Stderr: &errs, ReadFile: os.ReadFile, Getenv: func(string) string { return "" }, Now: time.Now,
	}
	cmd := newDrift(p, &globals{output: "json"})
	cmd.SilenceErrors, cmd.SilenceUsage = true, true
	cmd.SetArgs(append([]string{
		"--offline", "--path", c.dir, "--live", "--kubeconfig", c.kube, "--context", "test",
		"--checks", "live-version,live-diff,rollout-stuck,migrate-failed",
	}, args...))

	status := p.status(cmd.ExecuteContext(c.t.Context()))

	var report contract.Drift
	if err := json.Unmarshal(out.Bytes(), &report); err != nil {
		c.t.Fatalf("exit %d: %v\n%s%s", status, err, out.String(), errs.String())
	}

	for _, f := range report.Findings {
		found = append(found, fmt.Sprintf("%s %s: %s", f.Severity, f.Check, f.Message))
	}

	return found, errs.String()
}

// patch changes an object behind git's back.
func (c *liveCluster) patch(manager, resource, name, patch string, subresources ...string) {
	c.t.Helper()

	gvr := schema.GroupVersionResource{Group: "apps", Version: "v1", Resource: resource}
	if resource == "jobs" {
		gvr.Group = "batch"
	}

	_, err := c.Dynamic(kubetest.Admin()).Resource(gvr).Namespace("mastodon").Patch(c.t.Context(), name, types.StrategicMergePatchType, []byte(patch),
		metav1.PatchOptions{FieldManager: manager}, subresources...)
	if err != nil {
		c.t.Fatal(err)
	}
}

// fits holds findings against what they begin with.
func fits(t *testing.T, what string, got []string, want ...string) {
	t.Helper()

	short := []string{}
	for i, g := range got {
		if i < len(want) && strings.HasPrefix(g, want[i]) {
			g = want[i]
		}

		short = append(short, g)
	}

	if diff := cmp.Diff(append([]string{}, want...), short); diff != "" {
		t.Errorf("%s: -want +got:\n%s", what, diff)
	}
}

// TestDriftLive: nothing after apply, then exactly what was changed behind git's
// back, read by an account that can't write.
func TestDriftLive(t *testing.T) {
	c := startLive(t)

	found, stderr := c.drift()
	fits(t, "as applied", found)

	if strings.Contains(stderr, "could not be read") {
		t.Errorf("deploy/overlays/cluster does not let the bot read what the example needs: %s", stderr)
	}

	c.refused()

	// kubectl set image, kubectl scale: of a Deployment with an autoscaler and of one without.
	c.patch("kubectl-set", "deployments", "mastodon-streaming",
		`{"spec":{"template":{"spec":{"containers":[{"name":"streaming","image":"ghcr.io/glitch-soc/mastodon-streaming:v4.4.2"}]}}}}`)
	c.patch("kubectl", "deployments", "mastodon-streaming", `{"spec":{"replicas":7}}`, "scale")
	c.patch("kubectl", "deployments", "mastodon-web", `{"spec":{"replicas":3}}`, "scale")

	found, _ = c.drift()
	fits(t, "changed behind git's back", found,
		"error live-version: Deployment mastodon-streaming is on v4.4.2 in the cluster and on v4.4.3 in the tree, set by kubectl-set at ",
		"warning live-diff: Deployment mastodon-streaming: spec.replicas is 7 in the cluster and 2 in the tree, set by kubectl")

	c.troubles()
	c.forbidden()
	c.elsewhere()
}

// refused proves that the account can read and nothing else.
func (c *liveCluster) refused() {
	c.t.Helper()

	client := c.Dynamic(reader)
	deployments := client.Resource(schema.GroupVersionResource{Group: "apps", Version: "v1", Resource: "deployments"}).Namespace("mastodon")
	secrets := client.Resource(schema.GroupVersionResource{Version: "v1", Resource: "secrets"}).Namespace("mastodon")
	patch := []byte(`{"spec":{"replicas":0}}`)

	_, dry := deployments.Patch(c.t.Context(), "mastodon-web", types.MergePatchType, patch, metav1.PatchOptions{DryRun: []string{"All"}})
	_, write := deployments.Patch(c.t.Context(), "mastodon-web", types.MergePatchType, patch, metav1.PatchOptions{})
	_, secret := secrets.List(c.t.Context(), metav1.ListOptions{})

	for what, err := range map[string]error{
		"a write": write, "a dry run": dry, "a deletion": deployments.Delete(c.t.Context(), "mastodon-web", metav1.DeleteOptions{}), "Secrets": secret,
	} {
		if !apierrors.IsForbidden(err) {
			c.t.Errorf("%s: err = %v, want it forbidden", what, err)
		}
	}
}

// troubles writes what controllers would.
func (c *liveCluster) troubles() {
	c.t.Helper()

	pod := map[string]any{
		"apiVersion": "v1", "kind": "Pod",
		"metadata": map[string]any{"name": "web-1", "namespace": "mastodon", "labels": map[string]any{"app": "mastodon-web"}},
		"spec":     map[string]any{"containers": []any{map[string]any{"name": "web", "image": "ghcr.io/glitch-soc/mastodon:v4.4.3"}}},
	}
	if err := c.Apply(c.t.Context(), kubetest.Admin(), pod); err != nil {
		c.t.Fatal(err)
	}

	pods := c.Dynamic(kubetest.Admin()).Resource(schema.GroupVersionResource{Version: "v1", Resource: "pods"}).Namespace("mastodon")
	crash := `{"status":{"phase":"Running","containerStatuses":[{"name":"web","image":"x","imageID":"x","ready":false,"restartCount":9,"state":{"waiting":{"reason":"CrashLoopBackOff"}}}]}}`

	if _, err := pods.Patch(c.t.Context(), "web-1", types.MergePatchType, []byte(crash), metav1.PatchOptions{}, "status"); err != nil {
		c.t.Fatal(err)
	}

	c.patch("job-controller", "jobs", "mastodon-migrate-post", `{"status":{"failed":7,"startTime":"2026-01-01T00:00:00Z","conditions":[
		{"type":"FailureTarget","status":"True","reason":"BackoffLimitExceeded","message":"Job has reached the specified backoff limit"},
		{"type":"Failed","status":"True","reason":"BackoffLimitExceeded","message":"Job has reached the specified backoff limit"}]}}`, "status")

	found, _ := c.drift("--checks", "rollout-stuck,migrate-failed", "--skip", "live-version,live-diff")
	fits(c.t, "troubles", found,
		"error migrate-failed: Job mastodon-migrate-post to v4.4.3 failed: Job has reached the specified backoff limit",
		"error rollout-stuck: Deployment mastodon-web has a pod that crashes again and again")
}

// forbidden takes a right away: the kind is named, and the rest goes on.
func (c *liveCluster) forbidden() {
	c.t.Helper()

	roles := c.Dynamic(kubetest.Admin()).Resource(schema.GroupVersionResource{Group: "rbac.authorization.k8s.io", Version: "v1", Resource: "clusterroles"})

	role, err := roles.Get(c.t.Context(), "bot-reads-mastodon", metav1.GetOptions{})
	if err != nil {
		c.t.Fatal(err)
	}

	text, err := json.Marshal(role.Object["rules"])
	if err != nil {
		c.t.Fatal(err)
	}

	less := []byte(`{"rules":` + strings.Replace(string(text), `,"services"`, "", 1) + `}`)
	if _, err := roles.Patch(c.t.Context(), role.GetName(), types.MergePatchType, less, metav1.PatchOptions{}); err != nil {
		c.t.Fatal(err)
	}

	const named = "info live-diff: Service could not be compared: forbidden: the account may not get and list it"

	var (
		found  []string
		stderr string
	)

	for end := time.Now().Add(time.Minute); !slices.Contains(found, named) && time.Now().Before(end); time.Sleep(200 * time.Millisecond) {
		found, stderr = c.drift("--checks", "live-version,live-diff", "--skip", "rollout-stuck,migrate-failed") // the server takes a moment to heed it
	}

	fits(c.t, "a kind that is forbidden", found, "error live-version: Deployment mastodon-streaming is on v4.4.2",
		"warning live-diff: Deployment mastodon-streaming: spec.replicas is 7", named)

	if !strings.Contains(stderr, "kind=Service") {
		c.t.Errorf("the log does not name it: %s", stderr)
	}
}

// elsewhere looks in a namespace that is not there.
func (c *liveCluster) elsewhere() {
	c.t.Helper()

	replaced(c.t, c.dir, applicationDir+"/kustomization.yaml", "namespace: mastodon", "namespace: nowhere")

	found, _ := c.drift("--skip", "rollout-stuck,migrate-failed,live-version")
	fits(c.t, "a namespace that is not there", slices.DeleteFunc(found, func(f string) bool { return strings.HasPrefix(f, "info") }),
		"warning live-diff: none of ", "warning live-diff: Namespace mastodon is not in the cluster")
}
