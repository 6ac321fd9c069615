package patch

import (
	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/goingdark-social/bot/internal/node"
	"github.com/goingdark-social/bot/pkg/patch/internal/source"
)

// compose finds the services of compose files, by their shape and not by their name.
type compose struct{}

func (compose) find(p *page) {
	for _, d := range p.docs {
		services := node.Get(d.Root, "services")
		if isObject(d.Root) || services == nil {
			continue
		}

		for name, service := range source.Pairs(services) {
			if image := node.Get(service, "image"); image != nil && image.Kind == yaml.ScalarNode {
				p.service(d, name.Value, node.Deref(service), image)
			}
		}
	}
}

func (p *page) service(d *source.Doc, name string, service, image *yaml.Node) {
	if !p.mayName(image.Value) {
		return
	}

	text, err := d.Scalar(image)
	if err != nil {
		p.lost(err)

		return
	}

	r := p.image(Compose, text)
	if r == nil {
		return
	}

	c := newContainer(&object{name: name, labels: map[string]string{}}, service, "containers")
	c.name = name

	for _, key := range []string{"entrypoint", "command"} {
		c.command += " " + node.TextAt(service, key) // a list was read with the container
	}

	r.Components = addComponents(r.Components, c.components(r.streaming)...)
	p.decider(r)
}
