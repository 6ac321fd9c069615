package drift

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/goingdark-social/bot/pkg/config"
	"github.com/goingdark-social/bot/pkg/severity"
)

// overlap is how long pods of two releases may run beside each other.
func (in *Input) overlap() time.Duration {
	return cmp.Or(in.Policy.Rollout.Overlap, config.DefaultRollout().Overlap)
}

func rolloutStuck() Check {
	return Check{
		ID: "rollout-stuck", Severity: severity.Error, Title: "a roll-out that does not come to its end",
		Doc: `Workloads of Mastodon's images whose roll-out the cluster gave up, whose pods crash again and again, cannot pull their image,
cannot be configured or find no node, and pods of two releases that run beside each other for longer than ` + "`rollout.overlap`" + ` of bot.yaml,
half an hour unless it says otherwise.`,
		Needs: Cluster,
		find:  findRolloutStuck,
	}
}

func findRolloutStuck(in *Input) []Finding {
	var out []Finding

	for _, c := range in.containers {
		l := in.counterpart(c.object)
		if l == nil || c.object.kind == "Job" {
			continue // a Job's end is migrate-failed's
		}

		for _, why := range in.stuck(c, l) {
			out = append(out, Finding{
				Place: in.imageAt(c), Components: []string{string(c.component)}, Name: c.object.base,
				Message:  fmt.Sprintf("%s %s", c.object.title(), why),
				Expected: "every pod of " + c.tag + " ready", Actual: why,
				Fix: fmt.Sprintf("Look at `kubectl describe` and `kubectl logs` of the pods of %s; `kubectl rollout undo` goes back while the database was not migrated.", c.object.base),
			})
		}
	}

	return out
}

// stuck says why the roll-out of a workload does not end, a sentence's end each.
func (in *Input) stuck(c *container, l live) []string {
	var out []string

	if p := l.condition("Progressing"); p.text("status") == "False" {
		out = append(out, "does not progress: "+strings.TrimSuffix(p.text("message"), "."))
	}

	troubles := map[string]int{}

	for _, p := range in.pods(l) {
		if why := podTrouble(p, in.Now); why != "" {
			troubles[why]++
		}
	}

	for why, n := range troubles {
		out = append(out, fmt.Sprintf("has %s that %s", podCount(n), why))
	}

	if tags := in.running(c, l); len(tags) > 1 && in.Now.Sub(in.newest(c, l)) > in.overlap() {
		out = append(out, "runs pods of "+strings.Join(tags, " and ")+" for more than "+shortly(in.overlap()))
	}

	slices.Sort(out)

	return out
}

// newest is when the youngest pod of the tree's release was made: since then the roll-out waits for something.
func (in *Input) newest(c *container, l live) time.Time {
	var at time.Time

	for _, p := range in.pods(l) {
		if made := p.time("metadata", "creationTimestamp"); tagOf(p.image(c.name)) == c.tag && made.After(at) {
			at = made
		}
	}

	if at.IsZero() {
		return in.Now // none of them yet
	}

	return at
}

// shortly writes a duration as people do: 30m, 1h30m.
func shortly(d time.Duration) string {
	s := strings.TrimSuffix(d.String(), "0s")
	if strings.HasSuffix(s, "h0m") {
		return strings.TrimSuffix(s, "0m")
	}

	return cmp.Or(s, "0s")
}

func podCount(n int) string {
	if n == 1 {
		return "a pod"
	}

	return fmt.Sprintf("%d pods", n)
}

// waits are the reasons for which a container waits that do not pass by themselves.
var waits = map[string]string{
	"CrashLoopBackOff": "crashes again and again", "ImagePullBackOff": "cannot pull its image", "ErrImagePull": "cannot pull its image",
	"InvalidImageName": "names an image that can't be", "CreateContainerConfigError": "cannot be configured", "CreateContainerError": "cannot be started",
	"RunContainerError": "cannot be started",
}

// podTrouble says why a pod does not run; empty when it does, or may yet.
func podTrouble(p live, now time.Time) string {
	for _, list := range []string{"initContainerStatuses", "containerStatuses"} {
		for _, c := range p.items("status", list) {
			why, ok := waits[c.text("state", "waiting", "reason")]
			if !ok {
				continue
			}

			if message := c.text("state", "waiting", "message"); message != "" && c.text("state", "waiting", "reason") != "CrashLoopBackOff" {
				why += " (" + message + ")"
			}

			return why
		}
	}

	placed := p.condition("PodScheduled")
	if made := p.time("metadata", "creationTimestamp"); placed.text("status") == "False" && now.Sub(made) > beginsWithin {
		return "finds no node (" + placed.text("message") + ")"
	}

	return ""
}
