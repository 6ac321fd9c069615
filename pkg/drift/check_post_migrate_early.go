package drift

import (
	"fmt"
	"slices"

	"github.com/goingdark-social/bot/pkg/inventory"
	"github.com/goingdark-social/bot/pkg/severity"
	"github.com/goingdark-social/bot/pkg/upstream/facts"
	"github.com/goingdark-social/bot/pkg/version"
)

func postMigrateEarly() Check {
	return Check{
		ID: "post-migrate-early", Severity: severity.Warning, Title: "post-deployment migrations before the deployment",
		Doc: `Migrations of db/post_migrate take away what the old code still uses: they belong after the roll-out. A Job that runs every
migration in one go, ahead of it (a PreSync hook, an init container), breaks the old pods on a line that brings such migrations.
Whether the line in use did is told by its list against that of the line before; what an upgrade brings is told by its migration
notes.`,
		Needs: PreviousFacts,
		find:  findEarly,
	}
}

func findEarly(in *Input) []Finding {
	if !in.migratesEarly() {
		return nil
	}

	brought := in.postBrought()
	if len(brought) == 0 {
		return nil
	}

	var out []Finding

	for _, j := range in.Effective.MigrateJobs {
		if !in.early(j) {
			continue
		}

		out = append(out, Finding{
			Place: Place{j.File, j.Line}, Components: []string{"migrate"}, Name: j.Name,
			Message: fmt.Sprintf("%s %s runs every migration ahead of the roll-out, and %s brought %d post-deployment migrations over %s",
				j.Kind, j.Name, version.Parse(in.Facts.Version).Line(), len(brought), version.Parse(in.Previous.Version).Line()),
			Expected: "two phases", Actual: "one, before the roll-out",
			Fix: "Set SKIP_POST_DEPLOYMENT_MIGRATIONS for this one and run the rest in a second one after the roll-out (PostSync).",
		})
	}

	return out
}

// migratesEarly tells that something migrates all at once before new code runs everywhere.
func (in *Input) migratesEarly() bool { return slices.ContainsFunc(in.Effective.MigrateJobs, in.early) }

func (in *Input) early(j inventory.Job) bool {
	if j.SkipPost || j.Phase != inventory.PhaseSingle {
		return false
	}

	return j.Init || j.Before() && j.Honoured(in.Engine)
}

// postBrought are the post-deployment migrations that the line in use has and the one before it has not.
func (in *Input) postBrought() []string {
	if in.Previous == nil {
		return nil
	}

	had := map[string]bool{}
	for _, m := range in.Previous.Migrations {
		had[m.Version] = true
	}

	var out []string

	for _, m := range in.Facts.Migrations {
		if m.Phase == facts.Post && !had[m.Version] {
			out = append(out, m.Name)
		}
	}

	return out
}
