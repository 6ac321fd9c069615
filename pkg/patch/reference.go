package patch

import (
	"cmp"
	"slices"

	"github.com/goingdark-social/bot/pkg/version"
)

// Form is the way in which a place names an image.
type Form string

// The forms, as "bot scan" prints them.
const (
	Container            Form = "container"             // a pod template of any kind, built in or custom
	KustomizeImage       Form = "kustomize-image"       // an entry under images: of a kustomization or component
	KustomizePatch       Form = "kustomize-patch"       // a patch, inline or in a file of its own
	KustomizeReplacement Form = "kustomize-replacement" // the source of a replacement
	HelmValues           Form = "helm-values"           // values of a chart, wherever they stand, and appVersion
	ArgoCD               Form = "argocd"                // an Application or ApplicationSet
	Variable             Form = "variable"              // the definition of what an image reads as ${name}
	Compose              Form = "compose"               // a service of a compose file
	Dockerfile           Form = "dockerfile"            // FROM
	Literal              Form = "literal"               // a complete image in any other text
	HelmTemplate         Form = "helm-template"         // a file with {{ }}
	JSON                 Form = "json"                  // a manifest in JSON
	Markdown             Form = "markdown"              // fenced code, inline code, a link's text
	Name                 Form = "name"                  // a version in an object's name
	Label                Form = "label"                 // a version in a label or annotation
)

// Component is a part of Mastodon that runs an image.
type Component string

// The components, in the order in which lists of them stand.
const (
	Web       Component = "web"
	Sidekiq   Component = "sidekiq"
	Streaming Component = "streaming"
	Migrate   Component = "migrate"
	Job       Component = "job" // any other pod from the same images
)

// Reference is one place that names an image.
type Reference struct {
	File string // relative to the tree, with slashes
	// Line and Column count from 1 and point to the version itself: the tag, else the digest, else the image. Columns count
	// Unicode code points.
	Line, Column int
	Form         Form
	Image        string // the family's image, as the family spells it; of a name, label or mention the web image
	Tag          string // as it stands; "" when there is none
	Digest       string // "sha256:…"; "" when there is none
	Components   []Component
	Application  string // "" while Shared
	// Shared marks a place in a base of several applications that each decide their own version: no move touches it.
	Shared bool

	at        place
	app       *app     // that it belongs to
	family    Family   // of its application
	families  []Family // that the image may belong to
	streaming bool     // the image runs nothing else
	matched   []*pod   // of a kustomize entry, what it decides
}

// Version is what the tag says, the family's suffix taken off; of a variable what its definition says.
func (r *Reference) Version() version.Version {
	if r.at.definition != nil {
		return r.at.definition.Version()
	}

	return version.ParseSuffixed(r.Tag, r.family.TagSuffix)
}

func compareReferences(a, b *Reference) int {
	return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
}

var componentOrder = []Component{Web, Sidekiq, Streaming, Migrate, Job}

// addComponents gives the union in the fixed order, never nil.
func addComponents(have []Component, more ...Component) []Component {
	union := make([]Component, 0, len(componentOrder))

	for _, c := range componentOrder {
		if slices.Contains(have, c) || slices.Contains(more, c) {
			union = append(union, c)
		}
	}

	return union
}
