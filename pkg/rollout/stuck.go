package rollout

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/goingdark-social/bot/pkg/drift"
	"github.com/goingdark-social/bot/pkg/severity"
)

// The causes for which a roll-out is stuck, the one first that explains the
// others. Each is told once.
const (
	MigrateFailed = "migrate-failed"
	NotMigrated   = "not-migrated"
	Pods          = "rollout-stuck"
	Late          = "late"
)

// Cause is why a roll-out is stuck, in lines for people.
type Cause struct {
	ID    string
	Lines []string
}

// Sight is what one pass sees of a roll-out.
type Sight struct {
	*Rollout

	Progress drift.Progress
	Seen     bool // Progress is known
	Engines  []drift.Engine
	Findings []drift.Finding
	Dark     error         // why the cluster or the database could not be read
	Within   time.Duration // the policy's time, from the merge to every component
	Now      time.Time
}

// mayPass is how long a cause has to last that may pass by itself.
const mayPass = 10 * time.Minute

// patient are the causes that may pass by themselves: pods crash while they
// wait for a migration.
var patient = []string{NotMigrated, Pods}

// Why is the first cause for which it is stuck, if people were not told of it; nil: none.
func (v Sight) Why() *Cause {
	causes := v.causes()
	v.doubt(causes)

	for _, c := range causes {
		if len(c.Lines) == 0 || slices.Contains(patient, c.ID) && v.Now.Sub(v.Doubts[c.ID]) < mayPass {
			continue
		}

		if _, told := v.Stuck[c.ID]; told {
			return nil
		}

		return &c
	}

	return nil
}

// doubt notes since when each cause has been there.
func (v Sight) doubt(causes []Cause) {
	before := v.Doubts
	v.Doubts = nil

	for _, c := range causes {
		if len(c.Lines) == 0 || !slices.Contains(patient, c.ID) {
			continue
		}

		since, known := before[c.ID]
		if !known {
			since = v.Now
		}

		if v.Doubts == nil {
			v.Doubts = map[string]time.Time{}
		}

		v.Doubts[c.ID] = since
	}
}

func (v Sight) causes() []Cause {
	found := func(check string) (lines []string) {
		for _, f := range v.Findings {
			if f.Check == check && f.Severity == severity.Error {
				lines = append(lines, f.Message)
			}
		}

		return lines
	}

	list := []Cause{{ID: MigrateFailed, Lines: found("migrate-failed")}}

	if v.Seen && v.Progress.Begun() {
		list = append(list, Cause{NotMigrated, append(v.neverRan(), found("migration-pending")...)})
	}

	return append(list, Cause{Pods, found("rollout-stuck")}, Cause{Late, v.late()})
}

// neverRan are the Jobs that still are of another release while pods run this
// one.
func (v Sight) neverRan() (lines []string) {
	for _, j := range v.Progress.Jobs {
		if j.State == drift.JobOther && !j.All {
			lines = append(lines, fmt.Sprintf("Job %s never ran for %s: the one in the cluster is of another release", j.Name, v.To))
		}
	}

	return lines
}

// late says what is missing when the policy's time is over.
func (v Sight) late() (lines []string) {
	if !v.Settled.IsZero() || v.Now.Sub(v.Merged) < v.Within {
		return nil
	}

	lines = append(lines, fmt.Sprintf("it was merged %s and does not run everywhere yet", Stamp(v.Merged)))

	if !v.Seen {
		return append(lines, "what runs could not be read"+because(v.Dark))
	}

	for _, w := range v.Progress.Workloads {
		if !w.Done {
			lines = append(lines, fmt.Sprintf("%s %s: %s", w.Kind, w.Name, runs(w)))
		}
	}

	for _, e := range v.Engines {
		lines = append(lines, engineWords(e))
	}

	return lines
}

func runs(w drift.WorkloadProgress) string {
	others := slices.DeleteFunc(slices.Clone(w.Running), func(tag string) bool { return tag == w.Tag })

	switch {
	case len(w.Running) == 0:
		return "no pod runs"
	case len(others) > 0:
		return "pods run " + strings.Join(w.Running, " and ")
	default:
		return "not every pod is ready"
	}
}

func because(err error) string {
	if err == nil {
		return ""
	}

	return ": " + err.Error()
}

func engineWords(e drift.Engine) string {
	if e.Message == "" {
		return e.String()
	}

	return e.String() + " (" + e.Message + ")"
}
