package drift

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/goingdark-social/bot/pkg/drift/internal/node"
)

func probeVersion() Check {
	return Check{
		ID: "probe-version", Severity: Error, Title: "probes that match a version",
		Doc: `A probe that greps the list of processes for "sidekiq 7" kills healthy pods the day Sidekiq 8 comes with an update. It is an error
when the release in use ships another major version already, else a warning.`,
		find: findProbeVersion,
	}
}

// A process calls itself by its name and major version: "sidekiq 7", in a pattern "[s]idekiq\ 7".
var titled = regexp.MustCompile(`(?i)(\[?s\]?idekiq|\[?p\]?uma|\[?m\]?astodon|\[?r\]?uby)(?:\\?[\s.:_-]|\\s\+?|\[\[:space:\]\])+v?(\d+)`)

func findProbeVersion(in *Input) []Finding {
	var out []Finding

	for _, c := range in.containers {
		for _, kind := range []string{"startupProbe", "readinessProbe", "livenessProbe"} {
			run := strings.Join(node.Texts(node.Get(c.node, kind, "exec", "command")), " ")

			m := titled.FindStringSubmatch(run)
			if m == nil {
				continue
			}

			name := strings.ToLower(strings.Trim(strings.NewReplacer("[", "", "]", "").Replace(m[1]), " "))
			f := Finding{
				Severity: Warning, Place: c.at(kind, "exec", "command"), Components: []string{string(c.component)}, Name: kind,
				Message:  fmt.Sprintf("the %s of %s looks for %s %s by its version", kind, c.object.title(), name, m[2]),
				Expected: "a probe that holds for any version", Actual: run,
				Fix: "Match the name alone (pgrep -f " + name + "), or ask an endpoint.",
			}

			if ships := in.ships(name); ships != "" && ships != m[2] {
				f.Severity = Error
				f.Message = fmt.Sprintf("the %s of %s looks for %s %s, and %s ships %s", kind, c.object.title(), name, m[2], in.Facts.Version, ships)
			}

			out = append(out, f)
		}
	}

	return out
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
