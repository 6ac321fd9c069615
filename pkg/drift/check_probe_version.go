package drift

import (
	"fmt"
	"strings"

	"github.com/goingdark-social/bot/internal/lazyre"
	"github.com/goingdark-social/bot/internal/node"
	"github.com/goingdark-social/bot/pkg/severity"
)

func probeVersion() Check {
	return Check{
		ID: "probe-version", Severity: severity.Error, Title: "probes that match a version",
		Doc: `A probe that greps the list of processes for "sidekiq 7" kills healthy pods the day Sidekiq 8 comes with an update. It is an error
when the release in use ships another major version already, else a warning.`,
		find: findProbeVersion,
	}
}

// A process calls itself by its name and major version, "sidekiq 7", in a pattern "[s]idekiq\\ 7". A number behind a dash or a colon is
// something else's: a file's, a port.
var (
	titled = lazyre.New(`(?i)(\[?s\]?idekiq|\[?p\]?uma)(?:\\?[\s.]|\\s[+*]?|\[\[:space:\]\][+*]?)+v?(\d{1,2})(?:\D|$)`)
	exact  = lazyre.New(`(?:^|[^\d.])(v?\d+\.\d+\.\d+)(?:[^\d.]|$)`)
)

func findProbeVersion(in *Input) []Finding {
	var out []Finding

	for _, c := range in.containers {
		for _, kind := range []string{"startupProbe", "readinessProbe", "livenessProbe"} {
			run := strings.Join(node.Texts(node.Get(c.node, kind, "exec", "command")), " ")

			f := Finding{
				Severity: severity.Warning, Place: c.at(kind, "exec", "command"), Components: []string{string(c.component)}, Name: kind,
				Expected: "a probe that holds for any version", Actual: run,
			}

			if in.looksFor(c, kind, run, &f) {
				out = append(out, f)
			}
		}
	}

	return out
}

// looksFor completes a finding of a probe that matches a version.
func (in *Input) looksFor(c *container, kind, run string, f *Finding) bool {
	if m := titled.FindStringSubmatch(run); m != nil {
		name := strings.ToLower(strings.NewReplacer("[", "", "]", "").Replace(m[1]))
		f.Message = fmt.Sprintf("the %s of %s looks for %s %s by its version", kind, c.object.title(), name, m[2])
		f.Fix = "Match the name alone (pgrep -f " + name + "), or ask an endpoint."

		if ships := in.ships(name); ships != "" && ships != m[2] {
			f.Severity = severity.Error
			f.Message = fmt.Sprintf("the %s of %s looks for %s %s, and %s ships %s", kind, c.object.title(), name, m[2], in.Facts.Version, ships)
		}

		return true
	}

	m := exact.FindStringSubmatch(run)
	if m == nil || !strings.Contains(run, "grep") {
		return false
	}

	f.Message = fmt.Sprintf("the %s of %s looks for the version %s", kind, c.object.title(), m[1])
	f.Fix = "Ask an endpoint that answers whatever the version."

	return true
}

// ships is the major version of a piece of software in the release in use; empty when unknown.
func (in *Input) ships(name string) string {
	if in.Facts == nil {
		return ""
	}

	if r := in.Facts.Runtime(name); r != nil {
		major, _, _ := strings.Cut(r.Version, ".")

		return major
	}

	return ""
}
