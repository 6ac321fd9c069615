//go:build real

package deploy_test

import (
	"encoding/json"
	"maps"
	"path/filepath"
	"strings"
	"testing"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"github.com/goingdark-social/bot/internal/kubetest"
)

// TestARealClusterTakesTheOverlays applies each overlay to a real API server
// and makes the pods that its controllers would: PodSecurity judges pods, and
// only warns of what would make them.
func TestARealClusterTakesTheOverlays(t *testing.T) {
	cluster := kubetest.Start(t)

	if err := cluster.Apply(t.Context(), kubetest.Admin(), externalSecretKind()); err != nil {
		t.Fatal(err)
	}

	for _, dir := range overlays(t) {
		t.Run(dir, func(t *testing.T) {
			objects := compose(t, `
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources: ["https://github.com/goingdark-social/bot//deploy/`+dir+`?ref=v0.1.0"]
components: ["https://github.com/goingdark-social/bot//deploy/components/external-secret?ref=v0.1.0"]
namespace: mastodon-bot
`)

			for range 2 { // and once more, which changes nothing
				eventually(t, func() error { return cluster.Apply(t.Context(), kubetest.Admin(), plain(t, objects)...) })
			}

			pod := podOf(t, "bot-"+filepath.Base(dir), objects)
			if err := cluster.Apply(t.Context(), kubetest.Admin(), pod); err != nil {
				t.Errorf("the pod is not admitted: %v", err)
			}

			for name, weaken := range weaknesses() {
				weak := plain(t, []object{pod})[0]
				at(weak, "metadata").(object)["name"] = "weak"
				weaken(at(weak, "spec").(object), at(weak, "spec", "containers").([]any)[0].(object))

				err := cluster.Apply(t.Context(), kubetest.Admin(), weak)
				if !apierrors.IsForbidden(err) || !strings.Contains(err.Error(), `violates PodSecurity "restricted`) {
					t.Errorf("%s: err = %v, want a refusal by PodSecurity", name, err)
				}
			}
		})
	}
}

// weaknesses are what the namespace must refuse.
func weaknesses() map[string]func(spec, container object) {
	return map[string]func(spec, container object){
		"privileged":   func(_, c object) { c["securityContext"] = object{"privileged": true} },
		"root":         func(s, _ object) { at(s, "securityContext").(object)["runAsUser"] = 0 },
		"host network": func(s, _ object) { s["hostNetwork"] = true },
		"capabilities": func(_, c object) { delete(at(c, "securityContext").(object), "capabilities") },
		"no seccomp":   func(s, _ object) { delete(at(s, "securityContext").(object), "seccompProfile") },
		"a host's folder": func(s, _ object) {
			s["volumes"] = append(s["volumes"].([]any), object{"name": "host", "hostPath": object{"path": "/"}})
		},
	}
}

// podOf is the pod that a controller would make of the one template.
func podOf(t *testing.T, name string, objects []object) object {
	t.Helper()

	template := plain(t, pods(objects))[0]
	pod := maps.Clone(template)
	pod["apiVersion"], pod["kind"] = "v1", "Pod"

	metadata, _ := pod["metadata"].(object)
	metadata["name"], metadata["namespace"] = name, "mastodon-bot"

	return pod
}

// plain copies objects into what JSON knows, as the dynamic client wants them.
func plain(t *testing.T, objects []object) []object {
	t.Helper()

	var out []object

	if err := json.Unmarshal(encode(t, objects), &out); err != nil {
		t.Fatal(err)
	}

	return out
}

func encode(t *testing.T, v any) []byte {
	t.Helper()

	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}

	return data
}

// externalSecretKind stands in for the operator External Secrets: its kind,
// with any content.
func externalSecretKind() object {
	return object{
		"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
		"metadata": object{"name": "externalsecrets.external-secrets.io"},
		"spec": object{
			"group": "external-secrets.io", "scope": "Namespaced",
			"names": object{"kind": "ExternalSecret", "plural": "externalsecrets", "singular": "externalsecret", "listKind": "ExternalSecretList"},
			"versions": []any{object{
				"name": "v1", "served": true, "storage": true,
				"schema": object{"openAPIV3Schema": object{"type": "object", "x-kubernetes-preserve-unknown-fields": true}},
			}},
		},
	}
}

// eventually repeats what a cluster takes a moment for: to serve a new kind.
func eventually(t *testing.T, f func() error) {
	t.Helper()

	err := f()
	for end := time.Now().Add(30 * time.Second); err != nil && time.Now().Before(end); err = f() {
		time.Sleep(200 * time.Millisecond)
	}

	if err != nil {
		t.Fatal(err)
	}
}
