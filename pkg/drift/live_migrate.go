package drift

import (
	"cmp"
	"fmt"
	"time"

	"github.com/goingdark-social/bot/pkg/severity"
)

func migrateFailed() Check {
	return Check{
		ID: "migrate-failed", Severity: severity.Error, Title: "a migrate Job that failed or never began",
		Doc: `The Job that migrates to the release in the tree, by its status: failed for good, failing and tried again, suspended, or not
begun within ten minutes. Of Jobs with a generated name it is the one made last that carries that release. Code that needs the migration
runs without it, or waits for it. A Job that is gone has ended well, or was never made: what the database says (` + "`migration-pending`" + `) tells which.`,
		Needs: Cluster,
		find:  findMigrateFailed,
	}
}

// beginsWithin is how long a pod may take to be placed and its image pulled.
const beginsWithin = 10 * time.Minute

func findMigrateFailed(in *Input) []Finding {
	var out []Finding

	for _, c := range in.migrations() {
		l := in.counterpart(c.object)
		if l == nil || c.object.kind != "Job" || tagOf(l.image(c.name)) != c.release() {
			continue // of another release: live-version's
		}

		level, actual := in.jobState(l)
		if actual == "" {
			continue
		}

		out = append(out, Finding{
			Severity: level, Place: in.imageAt(c), Components: []string{"migrate"}, Name: c.object.base,
			Message:  fmt.Sprintf("%s to %s %s", c.object.titleOf(l), c.release(), actual),
			Expected: "complete", Actual: actual,
			Fix: fmt.Sprintf("Read `kubectl logs -n %s job/%s`, mend the cause and let the Job run again before web and Sidekiq move on.", cmp.Or(l.namespace(), "default"), l.name()),
		})
	}

	return out
}

// jobState says what is wrong with a Job; nothing while it runs or after it ended well.
func (in *Input) jobState(l live) (severity.Level, string) {
	if c := l.condition("Complete"); c.text("status") == "True" {
		return "", ""
	}

	if c := l.condition("Failed"); c.text("status") == "True" {
		return severity.Error, "failed: " + cmp.Or(c.text("message"), c.text("reason"), "no reason is given")
	}

	if suspended, ok := l.at("spec", "suspend").(bool); ok && suspended {
		return severity.Warning, "is suspended"
	}

	if failed := l.count("status", "failed"); failed > 0 {
		return severity.Warning, fmt.Sprintf("failed %s and is tried again", times(failed))
	}

	for _, p := range in.pods(l) {
		if why := podTrouble(p, in.Now); why != "" {
			return severity.Error, "does not begin: " + why
		}
	}

	begun := l.count("status", "active")+l.count("status", "succeeded") > 0
	if made := l.time("metadata", "creationTimestamp"); !begun && !made.IsZero() && in.Now.Sub(made) > beginsWithin {
		return severity.Warning, "was made " + made.UTC().Format(time.RFC3339) + " and has not begun"
	}

	return "", ""
}

func times(n int) string {
	if n == 1 {
		return "once"
	}

	return fmt.Sprintf("%d times", n)
}
