package trees_test

import (
	"fmt"
	"strings"
)

// network are the ways in which a kustomization can ask for something from
// elsewhere. The address is the listener's.
func network() []folderCase {
	var all []folderCase

	for _, base := range []string{
		"http://%s/x.yaml", "HTTP://%s/x.yaml", "https://%s/org/repo//path?ref=main", "http:%s", "git::http://%s/org/repo", "git::https://%s/org/repo.git",
		"ssh://git@%s/org/repo.git", "git@%s:org/repo.git", "git://%s/org/repo", "file:///%s/org/repo", "oci://%s/org/repo", "s3::https://%s/x",
		"github.com/org/repo?host=%s", "user@%s:org/repo", "http://%s/_git/repo", "gh:org/%s",
	} {
		address := func(f folder) string { return strings.Replace(base, "%s", f.listener, 1) }

		all = append(all, folderCase{name: "a base: " + base, make: func(f folder) { f.kustomization("", address(f)) }})
	}

	return append(all, elsewhere()...)
}

// elsewhere are the other places for an address.
func elsewhere() []folderCase {
	plugin := "apiVersion: builtin\nkind: %s\nmetadata: {name: x}\n%s\n"
	url := func(f folder) string { return "http://" + f.listener + "/x.yaml" }

	return []folderCase{
		{name: "bases that are folders of the tree too", make: func(f folder) {
			f.put("app/http:/"+f.listener+"/x.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n")
			f.put("app/github.com/org/repo/kustomization.yaml", "resources: []\n")
			f.put("app/git@"+f.listener+":org/repo/kustomization.yaml", "resources: []\n")
			f.kustomization("", "github.com/org/repo", "git@"+f.listener+":org/repo", url(f))
		}},
		{name: "every key that names a file", make: func(f folder) {
			u := url(f)
			f.kustomization(fmt.Sprintf("components: [%[1]q]\ncrds: [%[1]q]\nconfigurations: [%[1]q]\nreplacements: [{path: %[1]q}]\nopenapi: {path: %[1]q}\n"+
				"patches: [{path: %[1]q}]\npatchesStrategicMerge: [%[1]q]\npatchesJson6902: [{path: %[1]q, target: {kind: Pod}}]\n"+
				"configMapGenerator: [{name: x, files: [%[1]q, \"k=%[1]s\"], envs: [%[1]q], env: %[1]q}]\ngenerators: [%[1]q]\ntransformers: [%[1]q]\nvalidators: [%[1]q]\n", u))
		}},
		{name: "keys in capitals", make: func(f folder) {
			f.put("app/kustomization.yaml", fmt.Sprintf("Resources: [web.yaml, %q]\n", url(f)))
		}},
		{name: "keys that are merged", make: func(f folder) {
			f.put("app/kustomization.yaml", fmt.Sprintf("metadata: {annotations: &x {resources: [web.yaml, %q]}}\n<<: *x\n", url(f)))
		}},
		{name: "a transformer's own file", make: func(f folder) {
			f.put("app/t.yaml", fmt.Sprintf(plugin, "PatchTransformer", "path: "+url(f)))
			f.kustomization("transformers: [t.yaml]\n")
		}},
		{name: "a transformer given inline", make: func(f folder) {
			f.kustomization("transformers:\n- |\n  " + strings.ReplaceAll(fmt.Sprintf(plugin, "PatchTransformer", "path: "+url(f)), "\n", "\n  ") + "\n")
		}},
		{name: "a transformer given in one line", make: func(f folder) {
			f.kustomization(fmt.Sprintf("transformers: [%q]\n", fmt.Sprintf("{apiVersion: builtin, kind: PatchTransformer, metadata: {name: x}, path: %q}", url(f))))
		}},
		{name: "a generator's own file", make: func(f folder) {
			f.put("app/g.yaml", fmt.Sprintf(plugin, "ConfigMapGenerator", "name: x\nfiles: [\"k="+url(f)+"\"]"))
			f.kustomization("generators: [g.yaml]\n")
		}},
		{name: "a folder of transformers, one put together by another", make: func(f folder) {
			f.put("t/t.yaml", fmt.Sprintf(plugin, "PatchTransformer", "path: x"))
			f.put("t/kustomization.yaml", fmt.Sprintf("resources: [t.yaml]\npatches: [{target: {kind: PatchTransformer}, patch: '[{op: replace, path: /path, value: %q}]'}]\n", url(f)))
			f.kustomization("transformers: [../t]\n")
		}},
		{name: "charts and functions", make: func(f folder) {
			f.put("app/fn.yaml", "apiVersion: x/v1\nkind: X\nmetadata:\n  name: x\n  annotations:\n    config.kubernetes.io/function: |\n"+
				"      container: {image: \""+f.listener+"/x\", network: true}\n      exec: {path: git}\n")
			f.kustomization(fmt.Sprintf("transformers: [fn.yaml]\nhelmCharts: [{name: x, repo: \"http://%[1]s\", version: \"1\"}, {name: y, repo: \"oci://%[1]s\"}]\n", f.listener))
		}},
	}
}
