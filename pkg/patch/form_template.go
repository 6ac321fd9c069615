package patch

import (
	"path"
	"strings"

	"github.com/goingdark-social/bot/internal/lazyre"
)

// helmTemplates finds images in files that become YAML only when they are filled in. They are read line by line.
type helmTemplates struct{}

func (helmTemplates) find(p *page) {
	if p.docs != nil || !p.isTemplate() || isMarkdown(p.path) {
		return
	}

	text := p.text.String()

	for _, s := range p.names.find(text) {
		if inComment(text, s.name[0]) || inTemplateComment(text, s.name[0]) {
			continue
		}

		filled := templateTail.FindString(placeholder(text, s.name[1]))
		if filled != "" {
			s.rest = filled
		}

		if s.rest == "" && s.tag[1] == 0 && s.digest[1] == 0 {
			continue
		}

		if r := p.spelled(HelmTemplate, p.text, s, p.names.canonical(s.part(text, s.name))); r != nil {
			r.Components = addComponents(r.Components, p.templateComponents(r, text, s.name[0])...)
			p.decider(r)
		}
	}
}

var (
	templateTail = lazyre.New(`^:v?\{\{[^}\n]*\}\}`)
	templateName = lazyre.New(`(?m)^\s*(?:-\s+)?name:\s*["']?([A-Za-z0-9-]+)`)
)

func inTemplateComment(text string, at int) bool {
	open := strings.LastIndex(text[:at], "{{/*")
	if trimmed := strings.LastIndex(text[:at], "{{- /*"); trimmed > open {
		open = trimmed
	}

	return open >= 0 && !strings.Contains(text[open:at], "*/")
}

// templateComponents goes by the name above the image, and by the file's.
func (p *page) templateComponents(r *Reference, text string, at int) []Component {
	if r.streaming {
		return []Component{Streaming}
	}

	above := text[max(0, at-400):at]
	if names := templateName.FindAllStringSubmatch(above, -1); len(names) > 0 {
		if is := componentOf(names[len(names)-1][1]); is != "" {
			return []Component{is}
		}
	}

	if is := componentOf(strings.TrimSuffix(path.Base(p.path), path.Ext(p.path))); is != "" {
		return []Component{is}
	}

	return []Component{Web}
}
