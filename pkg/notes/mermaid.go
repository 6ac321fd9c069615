package notes

import (
	"fmt"
	"strings"
)

// order draws the phases that have something to do, each with who does it. The labels are words of ours alone.
func (p *page) order() {
	var ids []string
	var b strings.Builder
	for _, phase := range []Phase{Before, Pre, Rollout, Post, After} {
		steps, by := 0, ""
		manual := 0
		for _, s := range p.n.Steps {
			switch {
			case s.Phase != phase:
				continue
			case s.Manual():
				manual++
			default:
				by = s.By
			}
			steps++
		}
		if steps > 0 {
			ids = append(ids, string(phase)+"_")
			fmt.Fprintf(&b, "  %s_%s\n", phase, p.box(phase, who(steps, manual, by), manual > 0))
		}
	}
	if len(ids) < 2 {
		return
	}
	p.linef("```mermaid\nflowchart LR\n%s  %s\n```", b.String(), strings.Join(ids, " --> "))
}

func who(steps, manual int, by string) string {
	switch manual {
	case 0:
		return known(by)
	case steps:
		return "by hand"
	default:
		return "by hand, then " + known(by)
	}
}

// box is round where people do something.
func (p *page) box(phase Phase, who string, manual bool) string {
	label := drawn[phase]
	m := p.n.Migrations
	switch {
	case !m.Known || p.n.Verdict == Downgrade:
	case phase == Pre && m.Fresh(m.Pre) > 0:
		label = count(m.Fresh(m.Pre), "migration")
	case phase == Post && m.Fresh(m.Post) > 0:
		label = count(m.Fresh(m.Post), "post-deployment migration")
	case phase == Pre || phase == Post:
		label = "no migrations"
	}
	if manual {
		return fmt.Sprintf(`(["%s<br/><i>%s</i>"])`, label, who)
	}
	return fmt.Sprintf(`["%s<br/><i>%s</i>"]`, label, who)
}

var drawn = map[Phase]string{
	Before: "backup and checks", Pre: "migrations ahead of the roll-out", Rollout: "web, Sidekiq, streaming", Post: "post-deployment migrations", After: "checks",
}

// known passes the names of engines and nothing that a manifest could hold.
func known(by string) string {
	switch by {
	case "Argo CD", "Flux":
		return by
	}
	return "with its pods"
}
