package deploy_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"

	"github.com/goingdark-social/bot/pkg/config"
)

// object is a rendered manifest.
type object = map[string]any

// rights is the overlay that starts nothing: it lets the bot read the cluster.
const rights = "overlays/cluster"

// overlays are the folders that people apply to run the bot.
func overlays(t *testing.T) []string {
	t.Helper()

	dirs, err := filepath.Glob("overlays/*")
	if err != nil || len(dirs) < 3 {
		t.Fatalf("overlays: %v, %v", dirs, err)
	}

	return slices.DeleteFunc(dirs, func(dir string) bool { return dir == rights })
}

// render is `kubectl kustomize DIR`.
func render(t *testing.T, dir string) []object {
	t.Helper()

	resources, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), dir)
	if err != nil {
		t.Fatalf("rendering %s: %v", dir, err)
	}

	var out []object

	for _, r := range resources.Resources() {
		m, err := r.Map()
		if err != nil {
			t.Fatal(err)
		}

		out = append(out, m)
	}

	return out
}

// published is how a kustomization elsewhere refers to this folder.
var published = regexp.MustCompile(`https://github\.com/goingdark-social/bot//deploy/([a-z/-]+)\?ref=v[0-9.]+`)

// compose renders a kustomization as a user would write it, with this checkout
// in the place of the published one.
func compose(t *testing.T, kustomization string) []object {
	t.Helper()

	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}

	here, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}

	back, err := filepath.Rel(dir, here) // kustomize takes no absolute path
	if err != nil {
		t.Fatal(err)
	}

	for file, text := range map[string]string{
		"kustomization.yaml": published.ReplaceAllString(kustomization, back+"/$1"),
		"config.yaml":        "version: 1",
	} {
		if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}

	return render(t, dir)
}

// find is the object of a kind and name.
func find(t *testing.T, objects []object, kind, name string) object {
	t.Helper()

	i := slices.IndexFunc(objects, func(o object) bool { return o["kind"] == kind && at(o, "metadata", "name") == name })
	if i < 0 {
		t.Fatalf("no %s %s is rendered", kind, name)
	}

	return objects[i]
}

// at follows keys into maps; nil where one is not there.
func at(v any, keys ...string) any {
	for _, key := range keys {
		m, _ := v.(object)
		v = m[key]
	}

	return v
}

// template is where each kind keeps the pods that it makes.
var template = map[string][]string{
	"Deployment": {"spec", "template"},
	"CronJob":    {"spec", "jobTemplate", "spec", "template"},
}

// pods are the pod templates among objects.
func pods(objects []object) []object {
	var out []object

	for _, o := range objects {
		kind, _ := o["kind"].(string)
		if path, ok := template[kind]; ok {
			out = append(out, at(o, path...).(object))
		}
	}

	return out
}

func TestOverlaysStartOneHardenedPod(t *testing.T) {
	t.Parallel()

	for _, dir := range overlays(t) {
		t.Run(dir, func(t *testing.T) {
			t.Parallel()

			objects := render(t, dir)

			templates := pods(objects)
			if len(templates) != 1 {
				t.Fatalf("%d pod templates, want 1", len(templates))
			}

			pod := templates[0]["spec"]
			container := at(pod, "containers").([]any)[0]

			for _, c := range []struct {
				what      string
				got, want any
			}{
				{"automountServiceAccountToken of the pod", at(pod, "automountServiceAccountToken"), false},
				{"automountServiceAccountToken of the account", find(t, objects, "ServiceAccount", "bot")["automountServiceAccountToken"], false},
				{"runAsNonRoot", at(pod, "securityContext", "runAsNonRoot"), true},
				{"runAsUser", at(pod, "securityContext", "runAsUser"), 65532},
				{"seccompProfile", at(pod, "securityContext", "seccompProfile", "type"), "RuntimeDefault"},
				{"readOnlyRootFilesystem", at(container, "securityContext", "readOnlyRootFilesystem"), true},
				{"allowPrivilegeEscalation", at(container, "securityContext", "allowPrivilegeEscalation"), false},
				{"hostNetwork", at(pod, "hostNetwork"), nil},
				{"enforced PodSecurity", at(find(t, objects, "Namespace", "mastodon-bot"), "metadata", "labels", "pod-security.kubernetes.io/enforce"), "restricted"},
			} {
				if c.got != c.want {
					t.Errorf("%s = %v, want %v", c.what, c.got, c.want)
				}
			}

			if drop, _ := at(container, "securityContext", "capabilities", "drop").([]any); !slices.Equal(drop, []any{"ALL"}) {
				t.Errorf("capabilities dropped: %v", drop)
			}

			if at(container, "resources", "requests", "memory") == nil || at(container, "resources", "limits", "memory") == nil {
				t.Error("memory is neither requested nor limited")
			}

			// A tag that kustomize sets, and no digest of an image that was never published.
			image, _ := at(container, "image").(string)
			if name, tag, ok := strings.Cut(image, ":"); name != "ghcr.io/goingdark-social/bot" || !ok || tag == "latest" || strings.Contains(image, "@") {
				t.Errorf("image = %q", image)
			}

			if labels := at(templates[0], "metadata", "labels"); at(labels, "app.kubernetes.io/name") != "bot" {
				t.Errorf("labels of the pod = %v", labels)
			}
		})
	}
}

func TestNothingComesInAndLittleGoesOut(t *testing.T) {
	t.Parallel()

	for _, dir := range overlays(t) {
		policy := find(t, render(t, dir), "NetworkPolicy", "bot")

		if types := at(policy, "spec", "policyTypes"); !slices.Equal(types.([]any), []any{"Ingress", "Egress"}) {
			t.Errorf("%s: policyTypes = %v", dir, types)
		}

		if in := at(policy, "spec", "ingress"); in != nil {
			t.Errorf("%s: ingress = %v, want none", dir, in)
		}

		if to := at(policy, "spec", "egress"); len(to.([]any)) != 2 {
			t.Errorf("%s: egress = %v, want names and HTTPS", dir, to)
		}

		if selector := at(policy, "spec", "podSelector"); len(selector.(object)) != 0 {
			t.Errorf("%s: podSelector = %v, want every pod", dir, selector)
		}
	}
}

func TestNoOverlayCarriesASecret(t *testing.T) {
	t.Parallel()

	for _, dir := range overlays(t) {
		for _, o := range render(t, dir) {
			if o["kind"] == "Secret" || o["kind"] == "Role" || o["kind"] == "ClusterRole" {
				t.Errorf("%s renders a %s", dir, o["kind"])
			}
		}
	}
}

func TestTheMountedConfigurationIsInOrder(t *testing.T) {
	t.Parallel()

	for _, dir := range overlays(t) {
		text, _ := at(find(t, render(t, dir), "ConfigMap", "bot-config"), "data", "config.yaml").(string)

		operator, err := config.ParseOperator(dir+": config.yaml", []byte(text))
		if err != nil {
			t.Fatal(err)
		}

		if operator.GitHub.TokenFrom == nil || operator.GitHub.TokenFrom.File != "/run/secrets/bot/github-token" || operator.Server.Listen != ":8080" {
			t.Errorf("%s: %+v", dir, operator)
		}
	}
}

// TestOneOwnKustomization is what a GitOps repository holds: an overlay, its own
// configuration, a release, and the credentials from an external store.
func TestOneOwnKustomization(t *testing.T) {
	t.Parallel()

	objects := compose(t, `
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
namespace: bots
resources: ["https://github.com/goingdark-social/bot//deploy/overlays/serve?ref=v0.1.0"]
components: ["https://github.com/goingdark-social/bot//deploy/components/external-secret?ref=v0.1.0"]
configMapGenerator:
- name: bot-config
  behavior: replace
  files: [config.yaml]
  options: {disableNameSuffixHash: true}
images:
- {name: ghcr.io/goingdark-social/bot, newTag: v9.9.9}
patches:
- target: {kind: ExternalSecret}
  patch: |-
    - {op: replace, path: /spec/secretStoreRef/name, value: vault}
`)

	for _, o := range objects {
		if o["kind"] != "Namespace" && at(o, "metadata", "namespace") != "bots" {
			t.Errorf("%s %v is in namespace %v", o["kind"], at(o, "metadata", "name"), at(o, "metadata", "namespace"))
		}
	}

	find(t, objects, "Namespace", "bots")

	if text := at(find(t, objects, "ConfigMap", "bot-config"), "data", "config.yaml"); text != "version: 1" {
		t.Errorf("config.yaml = %q", text)
	}

	secret := find(t, objects, "ExternalSecret", "bot-credentials")
	if at(secret, "spec", "secretStoreRef", "name") != "vault" {
		t.Errorf("store = %v", at(secret, "spec", "secretStoreRef"))
	}

	pod := pods(objects)[0]["spec"]
	if image := at(pod.(object)["containers"].([]any)[0], "image"); image != "ghcr.io/goingdark-social/bot:v9.9.9" {
		t.Errorf("image = %v", image)
	}

	volumes := at(pod, "volumes").([]any)
	if !slices.ContainsFunc(volumes, func(v any) bool {
		return at(v, "secret", "secretName") == at(secret, "spec", "target", "name")
	}) {
		t.Errorf("no volume holds the external Secret: %v", volumes)
	}
}
