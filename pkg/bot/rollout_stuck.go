package bot

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/goingdark-social/bot/pkg/drift"
	"github.com/goingdark-social/bot/pkg/notify"
	"github.com/goingdark-social/bot/pkg/severity"
)

// The causes for which a roll-out is stuck, the one first that explains the
// others. Each is told once.
const (
	causeMigrateFailed = "migrate-failed"
	causeNotMigrated   = "not-migrated"
	causePods          = "rollout-stuck"
	causeLate          = "late"
)

// cause is why a roll-out is stuck, in lines for people.
type cause struct {
	id    string
	lines []string
}

// sight is what one pass sees of a roll-out.
type sight struct {
	*Rollout

	progress drift.Progress
	seen     bool         // progress is known
	in       *drift.Input // nil: nothing is
	findings []drift.Finding
	dark     error // why the cluster or the database could not be read
	within   time.Duration
	now      time.Time
}

// mayPass is how long a cause has to last that may pass by itself.
const mayPass = 10 * time.Minute

// patient are the causes that may pass by themselves: pods crash while they
// wait for a migration.
var patient = []string{causeNotMigrated, causePods}

// stuck is the first cause that there is, if people were not told of it.
func (v sight) stuck() *cause {
	causes := v.causes()
	v.doubt(causes)

	for _, c := range causes {
		if len(c.lines) == 0 || slices.Contains(patient, c.id) && v.now.Sub(v.Doubts[c.id]) < mayPass {
			continue
		}

		if _, told := v.Stuck[c.id]; told {
			return nil
		}

		return &c
	}

	return nil
}

// doubt notes since when each cause has been there.
func (v sight) doubt(causes []cause) {
	before := v.Doubts
	v.Doubts = nil

	for _, c := range causes {
		if len(c.lines) == 0 || !slices.Contains(patient, c.id) {
			continue
		}

		since, known := before[c.id]
		if !known {
			since = v.now
		}

		set(&v.Doubts, c.id, since)
	}
}

func (v sight) causes() []cause {
	found := func(check string) (lines []string) {
		for _, f := range v.findings {
			if f.Check == check && f.Severity == severity.Error {
				lines = append(lines, f.Message)
			}
		}

		return lines
	}

	list := []cause{{id: causeMigrateFailed, lines: found("migrate-failed")}}

	if v.seen && v.progress.Begun() {
		list = append(list, cause{causeNotMigrated, append(v.neverRan(), found("migration-pending")...)})
	}

	return append(list, cause{causePods, found("rollout-stuck")}, cause{causeLate, v.late()})
}

// neverRan are the Jobs that still are of another release while pods run this
// one.
func (v sight) neverRan() (lines []string) {
	for _, j := range v.progress.Jobs {
		if j.State == drift.JobOther && !j.All {
			lines = append(lines, fmt.Sprintf("Job %s never ran for %s: the one in the cluster is of another release", j.Name, v.To))
		}
	}

	return lines
}

// late says what is missing when the policy's time is over.
func (v sight) late() (lines []string) {
	if !v.Settled.IsZero() || v.now.Sub(v.Merged) < v.within {
		return nil
	}

	lines = append(lines, fmt.Sprintf("it was merged %s and does not run everywhere yet", stamp(v.Merged)))

	if !v.seen {
		return append(lines, "what runs could not be read"+because(v.dark))
	}

	for _, w := range v.progress.Workloads {
		if !w.Done {
			lines = append(lines, fmt.Sprintf("%s %s: %s", w.Kind, w.Name, runs(w)))
		}
	}

	for _, e := range v.in.Engines() {
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

// stuckEvent is what people are told, with the end of the log of a Job that
// failed.
func (b *Bot) stuckEvent(ctx context.Context, s *site, app string, v sight, c *cause) notify.Event {
	e := notify.Event{Kind: notify.Stuck, Cause: c.id, Lines: c.lines}

	if v.Back != "" {
		e.Summary = "The way back: " + v.Back
	}

	if c.id == causeMigrateFailed {
		e.Log = b.jobLog(ctx, s, app, v.progress)
	}

	return e
}

// jobLog is the end of the log of the first Job that failed, fit to be shown.
func (b *Bot) jobLog(ctx context.Context, s *site, app string, p drift.Progress) string {
	for _, j := range p.Jobs {
		if j.Pod == "" || j.State != drift.JobFailed && j.State != drift.JobRunning {
			continue
		}

		text, err := b.Live.Log(ctx, s.name, app, j.Namespace, j.Pod, j.Container)
		if err != nil {
			b.Log.WarnContext(ctx, "the log of a Job could not be read", "repository", s.name, "application", app, "job", j.Name, "error", err)

			continue
		}

		return showable(text)
	}

	return ""
}
