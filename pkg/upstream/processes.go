package upstream

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/goingdark-social/bot/internal/lazyre"
	"github.com/goingdark-social/bot/pkg/upstream/facts"
)

const composeFile = "docker-compose.yml"

var (
	serviceKey   = lazyre.New(`^  ([a-z][a-z0-9_-]*):\s*$`)
	commandKey   = lazyre.New(`^    command:\s*(.+)$`)
	healthTarget = lazyre.New(`localhost:([0-9]+)(/[A-Za-z0-9/_-]*)`)
	titleTarget  = lazyre.New(`grep '\[([a-z])\]([a-z]+)\\? ([0-9]+)`)
)

// processes are the services of the compose file that run the release's own images. The title is what the health check
// looks for, "[s]idekiq\ 8", which is how probes written after it break when the major version changes.
func (t *Tree) processes() []facts.Process {
	var out []facts.Process
	var p facts.Process
	line := 0
	flush := func() {
		if p.Command != "" {
			out = append(out, p)
		}
	}
	for l := range strings.Lines(t.Files[composeFile].Text) {
		line++
		l = strings.TrimRight(l, "\r\n")
		if m := serviceKey.FindStringSubmatch(l); m != nil {
			flush()
			p = facts.Process{Name: m[1], Place: facts.Place{File: composeFile, Line: line}}
			continue
		}
		if strings.HasPrefix(strings.TrimSpace(l), "#") || p.Name == "" {
			continue
		}
		service(&p, l)
	}
	flush()
	slices.SortFunc(out, func(a, b facts.Process) int { return cmp.Compare(a.Name, b.Name) })
	return out
}

// service reads one line of a service.
func service(p *facts.Process, l string) {
	if m := commandKey.FindStringSubmatch(l); m != nil {
		p.Command = strings.Trim(m[1], `"'`)
	}
	if !strings.Contains(l, "test:") {
		return
	}
	if m := healthTarget.FindStringSubmatch(l); m != nil {
		if port, err := strconv.Atoi(m[1]); err == nil {
			p.Port, p.Health = port, m[2]
		}
	}
	if m := titleTarget.FindStringSubmatch(l); m != nil {
		p.Title = m[1] + m[2] + " " + m[3]
	}
}
