//go:build real

package stories_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/yaml"

	"github.com/goingdark-social/bot/internal/kubetest"
)

// rendered is what an engine makes of a folder: what kustomize builds, or else
// its manifests as they are.
func rendered(dir string) ([]map[string]any, error) {
	if _, err := os.Stat(filepath.Join(dir, "kustomization.yaml")); err == nil {
		return kustomize(dir)
	}

	files, err := filepath.Glob(filepath.Join(dir, "*.yaml"))

	var out []map[string]any

	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}

		for decoder := yaml.NewYAMLOrJSONDecoder(bytes.NewReader(data), 4096); ; {
			var o map[string]any
			if err := decoder.Decode(&o); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				return nil, err
			}

			out = append(out, o)
		}
	}

	return out, err
}

// generate creates a Job whose name is generated: Argo CD makes up those of its
// hooks, the API server all others. Those that were there stay.
func (h *home) generate(ts *testscript.TestScript, o, metadata map[string]any) {
	begins, _ := metadata["generateName"].(string)
	annotations, _ := metadata["annotations"].(map[string]any)

	if hook, ok := annotations["argocd.argoproj.io/hook"].(string); ok {
		name := fmt.Sprintf("%s0ff1ce0-%s-%d", begins, strings.ToLower(hook), of(ts).now.Unix())
		metadata["name"], h.jobs[begins] = name, name
		check(ts, h.Apply(context.Background(), kubetest.Admin(), o))

		return
	}

	made, err := h.resource("batch", "jobs").Create(context.Background(), &unstructured.Unstructured{Object: o}, metav1.CreateOptions{})
	check(ts, err)

	h.jobs[begins] = made.GetName()
}

// jobNamed is the whole name of a Job, of which a story may say the beginning.
func (h *home) jobNamed(name string) string {
	if whole, ok := h.jobs[name]; ok {
		return whole
	}

	return name
}
