package drift

import (
	"slices"
	"strings"

	"github.com/goingdark-social/bot/pkg/drift/internal/node"
	"github.com/goingdark-social/bot/pkg/patch"
)

func rivalBot() Check {
	return Check{
		ID: "rival-bot", Severity: Warning, Title: "another updater for the same images",
		Doc: `Renovate, Dependabot, Flux image policies, Keel and Argo CD Image Updater move one image at a time, and know nothing of migrations:
where one of them is configured for Mastodon's images, a release falls apart. So does it when a rule that is meant to exclude them
matches nothing. The fix is the snippet that excludes them. What a preset says that can't be read here is not known: info then.`,
		find: findRivals,
	}
}

func findRivals(in *Input) []Finding {
	deps := in.dependencies()
	if len(deps) == 0 {
		return nil
	}

	return slices.Concat(in.renovate(deps), in.dependabot(deps), in.fluxPolicies(deps), in.keel(), in.imageUpdater(deps))
}

// dependency is one reference as an updater sees it.
type dependency struct {
	image, file string
	form        patch.Form
	at          Place
	component   []string
}

// dependencies are the references that another updater could move.
func (in *Input) dependencies() []dependency {
	var out []dependency

	for _, r := range in.References {
		if r.Tag == "" || slices.Contains([]patch.Form{patch.Markdown, patch.Name, patch.Label}, r.Form) {
			continue
		}

		d := dependency{image: r.Image, file: r.File, form: r.Form, at: Place{r.File, r.Line}}
		for _, c := range r.Components {
			d.component = append(d.component, string(c))
		}

		out = append(out, d)
	}

	return out
}

// images are the names among dependencies, each once.
func images(deps []dependency) []string {
	var out []string

	for _, d := range deps {
		if !slices.Contains(out, d.image) {
			out = append(out, d.image)
		}
	}

	slices.Sort(out)

	return out
}

// rival is the finding that one updater is configured for some references.
func rival(who string, deps []dependency, at Place, fix string) Finding {
	f := Finding{
		Place: at, Name: who, Message: who + " moves " + list(images(deps)) + " as well, one at a time",
		Expected: "one updater for one release", Actual: who, Fix: fix,
	}

	for _, d := range deps {
		f.Components = append(f.Components, d.component...)
		f.Related = append(f.Related, d.at)
	}

	return f
}

// fluxPolicies finds Flux image repositories of our images, which an automation writes into the tree.
func (in *Input) fluxPolicies(deps []dependency) []Finding {
	var out []Finding

	all := slices.Concat(in.objects, in.elsewhere)
	writes := slices.ContainsFunc(all, func(o *object) bool { return o.is("image.toolkit.fluxcd.io", "ImageUpdateAutomation") })

	for _, o := range all {
		image := node.Text(node.Get(o.node, "spec", "image"))
		if !o.is("image.toolkit.fluxcd.io", "ImageRepository") || !slices.Contains(images(deps), image) || node.Truth(node.Get(o.node, "spec", "suspend")) {
			continue
		}

		moved := slices.DeleteFunc(slices.Clone(deps), func(d dependency) bool { return d.image != image })

		f := rival("Flux", moved, o.at("spec", "image"), "Delete this ImageRepository and its ImagePolicy, and the $imagepolicy comments beside the images.")
		if !writes {
			f.Severity = Info // nothing in the tree writes what it finds
		}

		out = append(out, f)
	}

	return out
}

// keel finds workloads that Keel moves in the cluster, behind git's back.
func (in *Input) keel() []Finding {
	var out []Finding

	seen := map[*object]bool{}

	for _, c := range in.containers {
		o := c.object

		for _, where := range []string{"annotations", "labels"} {
			policy := node.Text(node.Get(o.node, "metadata", where, "keel.sh/policy"))
			if policy == "" || policy == "never" || seen[o] {
				continue
			}

			seen[o] = true
			d := dependency{image: c.image, at: in.imageAt(c), component: in.componentsOf(o)}
			out = append(out, rival("Keel", []dependency{d}, o.at("metadata", where, "keel.sh/policy"), "Set keel.sh/policy: never, or remove it."))
		}
	}

	return out
}

// imageUpdater finds Argo CD Image Updater, told by annotations of an Application or by its own object.
func (in *Input) imageUpdater(deps []dependency) []Finding {
	const key = "argocd-image-updater.argoproj.io/image-list"

	var out []Finding

	names := func(text string) []dependency {
		return slices.DeleteFunc(slices.Clone(deps), func(d dependency) bool {
			return !slices.ContainsFunc(strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == '=' || r <= ' ' }), func(word string) bool {
				name, _ := splitImage(word)

				return name == d.image
			})
		})
	}

	for _, o := range slices.Concat(in.objects, in.elsewhere) {
		if moved := names(node.Text(node.Get(o.node, "metadata", "annotations", key))); o.is("argoproj.io", "Application") && len(moved) > 0 {
			out = append(out, rival("Argo CD Image Updater", moved, o.at("metadata", "annotations", key), "Take them out of "+key+"."))
		}

		if o.group != "argocd-image-updater.argoproj.io" {
			continue
		}

		for i, ref := range node.Items(node.Get(o.node, "spec", "applicationRefs")) {
			for j, image := range node.Items(node.Get(ref, "images")) {
				if moved := names(node.Text(node.Get(image, "imageName"))); len(moved) > 0 {
					out = append(out, rival("Argo CD Image Updater", moved,
						o.at("spec", "applicationRefs", node.Identity(ref, i), "images", node.Identity(image, j), "imageName"), "Take it out of the list of images."))
				}
			}
		}
	}

	return out
}
