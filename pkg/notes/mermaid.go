package notes

import "strings"

// order draws the phases that have something to do, each with who does it. The labels are words of ours alone.
func (p *page) order() {
	type box struct{ id, label string }
	var boxes []box
	for _, phase := range []Phase{Before, Pre, Rollout, Post, After} {
		steps, manual := 0, 0
		by := ""
		for _, s := range p.n.Steps {
			if s.Phase != phase {
				continue
			}
			steps++
			if s.Manual() {
				manual++
			} else {
				by = s.By
			}
		}
		if steps == 0 {
			continue
		}
		who := "by hand"
		switch {
		case manual == 0:
			who = known(by)
		case manual < steps:
			who = "by hand, then " + known(by)
		}
		boxes = append(boxes, box{string(phase), drawn[phase] + "<br/>" + who})
	}
	if len(boxes) < 2 {
		return
	}
	p.linef("```mermaid\nflowchart LR")
	for _, b := range boxes {
		p.linef("  %s_[\"%s\"]", b.id, b.label)
	}
	var chain []string
	for _, b := range boxes {
		chain = append(chain, b.id+"_")
	}
	p.linef("  %s\n```", strings.Join(chain, " --> "))
}

var drawn = map[Phase]string{
	Before: "backup", Pre: "migrations ahead of the roll-out", Rollout: "web, sidekiq, streaming", Post: "post-deployment migrations", After: "checks",
}

// known passes the names of engines and nothing that a manifest could hold.
func known(by string) string {
	switch by {
	case "Argo CD", "Flux":
		return by
	}
	return "with its pods"
}
