package notes

import (
	"regexp"
	"slices"
	"strings"

	"github.com/goingdark-social/bot/internal/lazyre"
	"github.com/goingdark-social/bot/pkg/inventory"
	"github.com/goingdark-social/bot/pkg/notes/special"
	"github.com/goingdark-social/bot/pkg/severity"
	"github.com/goingdark-social/bot/pkg/upstream/facts"
)

// workloadHazards are processes that the target needs otherwise: a queue that nobody serves, a command that looks for a
// process by its version.
func (w *writer) workloadHazards() {
	w.queueHazard()
	for i := range w.inv.Workloads {
		if o := &w.inv.Workloads[i]; o.Listed {
			w.probes(o)
		}
	}
}

func (w *writer) queueHazard() {
	unserved, o := w.unserved(), w.workload(inventory.Sidekiq)
	if len(unserved) == 0 || o == nil {
		return
	}
	already := ""
	if w.in.FromFacts != nil && !slices.ContainsFunc(unserved, func(name string) bool { return !has(w.in.FromFacts.Queues, name) }) {
		already = "; so it is with " + w.notes.From + " already"
	}
	w.hazardf("queue-unserved", severity.Error, at(o.Object), "no Sidekiq process here serves %s; jobs put there are never run%s", strings.Join(unserved, ", "), already)
}

func has(queues []facts.Queue, name string) bool {
	return slices.ContainsFunc(queues, func(q facts.Queue) bool { return q.Name == name })
}

// unserved are the queues of the target that no Sidekiq process takes jobs from. A process without queues on its command line
// takes what the release's own configuration lists, and what a configuration file says is not known.
func (w *writer) unserved() []string {
	if w.in.ToFacts == nil || w.workload(inventory.Sidekiq) == nil {
		return nil
	}
	var out []string
	for _, q := range w.in.ToFacts.Queues {
		if !w.serves(q.Name) {
			out = append(out, q.Name)
		}
	}
	return sorted(out)
}

func (w *writer) serves(queue string) bool {
	return slices.ContainsFunc(w.inv.Workloads, func(o inventory.Workload) bool {
		return o.Listed && o.Component == inventory.Sidekiq && (o.QueuesUnknown || len(o.Queues) == 0 || slices.Contains(o.Queues, queue))
	})
}

// probes finds commands that look for a process by its name and version, as Sidekiq and Puma put it into the list of processes.
func (w *writer) probes(o *inventory.Workload) {
	if w.in.ToFacts == nil {
		return
	}
	for _, p := range append(slices.Clone(o.Probes), inventory.Probe{Kind: "command", Command: o.Command, File: o.File, Line: o.Line}) {
		for _, name := range []string{"sidekiq", "puma"} {
			runtime := w.in.ToFacts.Runtime(name)
			if runtime == nil || !outdated(p.Command, name, runtime.Version) {
				continue
			}
			consequence := "it no longer finds any"
			if p.Kind == "livenessProbe" || p.Kind == "startupProbe" {
				consequence = "Kubernetes would restart it for ever"
			}
			w.hazardf("probe-version", severity.Error, fileLine(p.File, p.Line), "the %s of %s looks for %s; %s runs %s %s, and %s", p.Kind, o.Name,
				title(p.Command, name), w.notes.To, name, major(runtime.Version), consequence)
		}
	}
}

// look is a process's name and version in a pattern: [s]idekiq\ 7, 'sidekiq [78]', sidekiq 7.3.
var look = lazyre.New(`(?i)(\[?[sp]\]?(?:idekiq|uma))(?:\\? |\\s\+?|\[ \]|\[\[:space:\]\])+(\[[\d-]+\]|\d+)`)

// title is what a command looks for, empty when it looks for no version of the process.
func title(command, name string) string {
	for _, m := range look.FindAllStringSubmatch(command, -1) {
		if strings.EqualFold(strings.NewReplacer("[", "", "]", "").Replace(m[1]), name) {
			return m[0]
		}
	}
	return ""
}

// outdated says that a command looks for other versions of a process than the one that runs.
func outdated(command, name, version string) bool {
	pattern := title(command, name)
	if pattern == "" {
		return false
	}
	m := look.FindStringSubmatch(pattern)
	re, err := regexp.Compile("^(?:" + m[2] + ")$")
	return err == nil && !re.MatchString(major(version))
}

func major(version string) string {
	out, _, _ := strings.Cut(version, ".")
	return out
}

// streaming says why streaming rolls too; it does in any case, since all images of a release move together.
func (w *writer) streaming() string {
	before, known := special.Streaming(w.base)
	after, too := special.Streaming(w.in.To)
	switch {
	case !known || !too:
		return ""
	case before != after:
		return "streaming's own code changes too, clients reconnect"
	default:
		return "streaming's own code is the same on both sides"
	}
}
