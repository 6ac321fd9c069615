package drift

import (
	"fmt"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/goingdark-social/bot/internal/node"
	"github.com/goingdark-social/bot/pkg/inventory"
	"github.com/goingdark-social/bot/pkg/severity"
)

func mediaVolume() Check {
	return Check{
		ID: "media-volume", Severity: severity.Error, Title: "uploads on a volume that pods cannot share",
		Doc: `Without an object store uploads lie in public/system. Every pod of web and Sidekiq must see the same folder: with more than one
replica the claim must be ReadWriteMany. An emptyDir loses uploads with its pod, however many there are.`,
		find: findMedia,
	}
}

func findMedia(in *Input) []Finding {
	var out []Finding

	for _, c := range in.workers(inventory.Web, inventory.Sidekiq) {
		if !c.storesLocally() {
			continue
		}

		v, steps := c.mediaVolume()
		if v == nil {
			continue
		}

		if f, ok := in.unshared(c, v, steps); ok {
			f.Components = []string{string(c.component)}
			out = append(out, f)
		}
	}

	return out
}

// storesLocally tells that no object store is on, or could be by what the tree does not tell.
func (c *container) storesLocally() bool {
	for _, name := range []string{"S3_ENABLED", "SWIFT_ENABLED", "AZURE_ENABLED"} {
		if v, set := c.env[name]; set && (!v.known || v.value == "true") || !set && len(c.opaque) > 0 {
			return false
		}
	}

	return true
}

// mediaVolume is the volume under the folder of uploads, and the steps to it in the object; nil when none is mounted there.
func (c *container) mediaVolume() (*yaml.Node, []string) {
	folder := or(c.get("PAPERCLIP_ROOT_PATH"), "/opt/mastodon/public/system")
	name, deepest := "", -1

	for _, m := range node.Items(node.Get(c.node, "volumeMounts")) {
		at := strings.TrimSuffix(node.Text(node.Get(m, "mountPath")), "/")
		if (folder == at || strings.HasPrefix(folder, at+"/") || strings.HasSuffix(at, "/public/system")) && len(at) > deepest {
			name, deepest = node.Text(node.Get(m, "name")), len(at)
		}
	}

	pod, at := podOf(c.object.node)
	for _, v := range node.Items(node.Get(pod, "volumes")) {
		if node.Text(node.Get(v, "name")) == name && name != "" {
			return v, append(slices.Clone(at), "volumes", "[name="+name+"]")
		}
	}

	for _, v := range node.Items(node.Get(c.object.node, "spec", "volumeClaimTemplates")) {
		if node.Text(node.Get(v, "metadata", "name")) == name && name != "" {
			return v, []string{"spec", "volumeClaimTemplates"}
		}
	}

	return nil, nil
}

func (in *Input) unshared(c *container, v *yaml.Node, steps []string) (Finding, bool) {
	replicas, at := in.replicas(c.object)
	f := Finding{Place: c.object.at(steps...), Name: node.Text(node.Get(v, "name")), Related: []Place{at}, Fix: "Use an object store (S3_ENABLED), or a claim that is ReadWriteMany."}

	if node.Get(v, "emptyDir") != nil {
		f.Message = fmt.Sprintf("%s keeps uploads in an emptyDir, which goes with its pod", c.object.title())
		f.Expected, f.Actual = "storage that stays and is shared", "emptyDir"

		return f, true
	}

	if replicas < 2 {
		return Finding{}, false
	}

	if slices.Contains(steps, "volumeClaimTemplates") {
		f.Message = fmt.Sprintf("%s has %d replicas, and each keeps uploads on a claim of its own", c.object.title(), replicas)
		f.Expected, f.Actual = "one claim for all", "volumeClaimTemplates"

		return f, true
	}

	claim := node.Text(node.Get(v, "persistentVolumeClaim", "claimName"))
	for _, o := range in.around(c.object) {
		if o.kind != "PersistentVolumeClaim" || o.name != claim || claim == "" {
			continue
		}

		modes := node.Texts(node.Get(o.node, "spec", "accessModes"))
		if slices.Contains(modes, "ReadWriteMany") {
			return Finding{}, false
		}

		f.Place, f.Name = o.at("spec", "accessModes"), o.base
		f.Message = fmt.Sprintf("uploads lie on the claim %s, which pods on several nodes cannot share, and there are several replicas", o.base)
		f.Expected, f.Actual = "ReadWriteMany", strings.Join(modes, ", ")
		f.Related = append(f.Related, c.object.first())

		return f, true
	}

	return Finding{}, false
}
