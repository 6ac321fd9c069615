//go:build real

package deploy_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/goingdark-social/bot/internal/kubetest"
)

// TestKubectlAppliesTheOverlays: kubectl apply -k, as the pages say. The
// server has nothing to warn of, a second time changes nothing, and the same
// with a privileged container is refused: of what makes pods PodSecurity warns,
// which is an error here, and the pod itself it forbids.
func TestKubectlAppliesTheOverlays(t *testing.T) {
	cluster := kubetest.Start(t)
	apply := func(dir string) (string, error) {
		return cluster.Kubectl(kubetest.Admin(), "apply", "--warnings-as-errors", "-k", dir)
	}

	for _, dir := range overlays(t) {
		t.Run(dir, func(t *testing.T) {
			if out, err := apply(dir); err != nil || !strings.Contains(out, "/bot created") {
				t.Fatalf("kubectl apply -k %s: %v\n%s", dir, err, out)
			}

			if out, err := apply(dir); err != nil || strings.Contains(out, "created") || strings.Contains(out, "configured") {
				t.Errorf("once more: %v\n%s", err, out)
			}

			out, err := apply(privileged(t, dir))
			if err == nil || !strings.Contains(out, `would violate PodSecurity "restricted`) || !strings.Contains(out, "privileged") {
				t.Errorf("a privileged container: %v\n%s", err, out)
			}

			pod := plain(t, []object{podOf(t, "privileged", render(t, dir))})[0]
			at(pod, "spec", "containers").([]any)[0].(object)["securityContext"] = object{"privileged": true}

			out, err = cluster.Kubectl(kubetest.Admin(), "apply", "-f", manifest(t, pod))
			if err == nil || !strings.Contains(out, `violates PodSecurity "restricted`) {
				t.Errorf("a privileged pod: %v\n%s", err, out)
			}
		})
	}
}

// privileged is an overlay over an overlay whose container wants everything.
func privileged(t *testing.T, overlay string) string {
	t.Helper()

	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}

	dir := t.TempDir()

	base, err := filepath.Rel(dir, filepath.Join(here, overlay))
	if err != nil {
		t.Fatal(err)
	}

	template := "/spec/template"
	if strings.HasSuffix(overlay, "cronjob") {
		template = "/spec/jobTemplate/spec/template"
	}

	text := "resources: [" + filepath.ToSlash(base) + "]\npatches:\n- target: {kind: Deployment|CronJob}\n  patch: |\n" +
		"    - {op: replace, path: " + template + "/spec/containers/0/securityContext, value: {privileged: true}}\n"
	if err := os.WriteFile(filepath.Join(dir, "kustomization.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}

	return dir
}

// manifest writes an object into a file.
func manifest(t *testing.T, o object) string {
	t.Helper()

	file := filepath.Join(t.TempDir(), "object.json")
	if err := os.WriteFile(file, encode(t, o), 0o600); err != nil {
		t.Fatal(err)
	}

	return file
}
