//go:build real

package stories_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync/atomic"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"

	"github.com/goingdark-social/bot/internal/kubetest"
)

// watcher is the account of the bot, as deploy/overlays/cluster makes it.
var watcher = kubetest.User{
	Name: "system:serviceaccount:mastodon-bot:bot", Groups: []string{"system:serviceaccounts", "system:authenticated"},
}

// TestStoriesOfACluster runs the stories in which a real API server shows what
// runs. No controllers run: the stories write what they would.
func TestStoriesOfACluster(t *testing.T) {
	cluster := kubetest.Start(t, watcher)
	built := kustomized(t, filepath.Join("..", "..", "deploy", "overlays", "cluster"))

	if err := cluster.Apply(t.Context(), kubetest.Admin(), built...); err != nil {
		t.Fatal(err)
	}

	words := commands()
	words["applied"] = applied       // applied [DIR]: an engine applies what DIR of main renders
	words["runs"] = runs             // runs NAME TAG: the Deployment's pods are all on that tag, and ready
	words["two-releases"] = two      // two-releases NAME OLD NEW: a pod of each
	words["crashes"] = crashes       // crashes NAME TAG: its pod does
	words["job"] = job               // job NAME complete|failed; of a generated one its beginning
	words["application"] = argo      // application SYNC HEALTH: Argo CD says so of what it applied
	words["dies"] = dies             // dies N before|in|after: a pass that ends at its Nth change
	words["not-watched"] = unwatched // not-watched: the cluster cannot be reached any more

	var number atomic.Int64

	testscript.Run(t, testscript.Params{
		Dir:  filepath.Join("testdata", "cluster"),
		Cmds: words,
		Setup: func(env *testscript.Env) error {
			if err := setup(env, nil); err != nil {
				return err
			}

			return inhabit(t, env, cluster, fmt.Sprintf("story-%d", number.Add(1)))
		},
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       os.Getenv("UPDATE_STORIES") != "",
	})
}

// home is the part of the cluster that a story has for itself.
type home struct {
	*kubetest.Cluster

	namespace string
	pods      int
	jobs      map[string]string // the Job made last, by how its name begins
}

type homeKey struct{}

func homeOf(ts *testscript.TestScript) *home {
	h, _ := ts.Value(homeKey{}).(*home)

	return h
}

// inhabit gives a story a namespace, and the operator's file the way there.
func inhabit(t *testing.T, env *testscript.Env, cluster *kubetest.Cluster, namespace string) error {
	t.Helper()

	env.Values[homeKey{}] = &home{Cluster: cluster, namespace: namespace, jobs: map[string]string{}}

	err := cluster.Apply(context.Background(), kubetest.Admin(), map[string]any{
		"apiVersion": "v1", "kind": "Namespace", "metadata": map[string]any{"name": namespace},
	})
	if err != nil {
		return err
	}

	config := cluster.Config(watcher)
	kube := clientcmdapi.NewConfig()
	kube.Clusters["c"] = &clientcmdapi.Cluster{Server: config.Host, CertificateAuthority: config.CAFile}
	kube.AuthInfos["u"] = &clientcmdapi.AuthInfo{Token: config.BearerToken}
	kube.Contexts["test"] = &clientcmdapi.Context{Cluster: "c", AuthInfo: "u", Namespace: namespace}
	file := filepath.Join(env.WorkDir, "kubeconfig")

	if err := clientcmd.WriteToFile(*kube, file); err != nil {
		return err
	}

	operator, err := os.OpenFile(filepath.Join(env.WorkDir, "operator.yaml"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer operator.Close()

	_, err = fmt.Fprintf(operator, "cluster: {kubeconfig: %q, context: test}\n", file)

	return err
}

func kustomized(t *testing.T, dir string) []map[string]any {
	t.Helper()

	objects, err := kustomize(dir)
	if err != nil {
		t.Fatal(err)
	}

	return objects
}

// kustomize is `kustomize build DIR`.
func kustomize(dir string) ([]map[string]any, error) {
	resources, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), dir)
	if err != nil {
		return nil, err
	}

	var out []map[string]any

	for _, r := range resources.Resources() {
		data, err := r.MarshalJSON()
		if err != nil {
			return nil, err
		}

		var o map[string]any
		if err := json.Unmarshal(data, &o); err != nil {
			return nil, err
		}

		out = append(out, o)
	}

	return out, nil
}

// applied does what an engine does: it puts what the base branch renders into
// the cluster, Jobs anew.
func applied(ts *testscript.TestScript, _ bool, args []string) {
	h := homeOf(ts)
	dir := ts.MkAbs("checkout")
	check(ts, os.RemoveAll(dir))
	check(ts, exec.Command("git", "clone", "--quiet", "--branch", of(ts).base, of(ts).Repo.Dir, dir).Run())

	objects, err := rendered(filepath.Join(dir, arg(ts, args, 0, "k8s/mastodon")))
	check(ts, err)

	for _, o := range objects {
		metadata, _ := o["metadata"].(map[string]any)
		metadata["namespace"] = h.namespace

		if metadata["annotations"] == nil {
			metadata["annotations"] = map[string]any{}
		}

		annotations, _ := metadata["annotations"].(map[string]any)
		annotations["argocd.argoproj.io/tracking-id"] = "social:x/y:z/w"
		name, _ := metadata["name"].(string)

		if name == "" {
			h.generate(ts, o, metadata)

			continue
		}

		if o["kind"] == "Job" {
			background := metav1.DeletePropagationBackground
			_ = h.resource("batch", "jobs").Delete(context.Background(), name, metav1.DeleteOptions{PropagationPolicy: &background})
		}

		check(ts, h.Apply(context.Background(), kubetest.Admin(), o))
	}
}
