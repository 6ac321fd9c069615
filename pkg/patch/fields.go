package patch

import (
	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/goingdark-social/bot/pkg/patch/internal/source"
)

// fields is how to add and to drop a tag or a digest where each is a value of its own.
type fields struct {
	ok          bool
	tag, digest string // keys
}

func (f *fields) locate(d *source.Doc, m *yaml.Node) {
}

func (f *fields) edits(w wanted) []edit { return nil }
