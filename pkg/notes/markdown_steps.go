package notes

import "strings"

var phaseWords = map[Phase]string{
	Before: "Before", Pre: "Ahead of the roll-out", Rollout: "Roll-out", Post: "When the old code is gone", After: "After",
}

func (p *page) steps() {
	p.section("Steps")
	p.order()
	last := Phase("")
	for _, s := range p.n.Steps {
		if s.Phase != last {
			p.linef("\n**%s**\n", phaseWords[s.Phase])
			last = s.Phase
		}
		box := ""
		if s.Manual() {
			box = "[ ] "
		}
		p.linef("- %s%s %s", box, p.inert(s.Title), p.sources(s.Source))
		p.command(s.Command)
	}
}

// command is a fenced block inside a list item.
func (p *page) command(text string) {
	if text == "" {
		return
	}
	fence := "```"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	p.linef("  %ssh", fence)
	for l := range strings.SplitSeq(visible(text, true), "\n") {
		p.linef("  %s", l)
	}
	p.linef("  %s", fence)
}
