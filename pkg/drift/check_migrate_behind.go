package drift

import (
	"fmt"

	"github.com/goingdark-social/bot/pkg/inventory"
	"github.com/goingdark-social/bot/pkg/severity"
)

func migrateBehind() Check {
	return Check{
		ID: "migrate-behind", Severity: severity.Error, Title: "web or Sidekiq newer than what migrates the database",
		Doc: `Code that is newer than the last migration finds a schema that it does not know: requests fail from the moment the first
pod starts. Every Job that migrates is held against the newest version that web and Sidekiq run.`,
		find: findMigrateBehind,
	}
}

func findMigrateBehind(in *Input) []Finding {
	var out []Finding

	for _, m := range in.migrations() {
		for _, c := range in.workers(inventory.Web, inventory.Sidekiq) {
			if c.object.root != m.object.root || !older(m.version, c.version) {
				continue
			}

			out = append(out, Finding{
				Place: in.imageAt(m), Components: []string{"migrate", string(c.component)}, Name: m.object.base,
				Message:  fmt.Sprintf("%s migrates to %s while newer code runs: %s", m.object.title(), m.version, c.version),
				Expected: c.version.String(), Actual: m.version.String(),
				Fix:     "Give the migrate Job the same version; the database must be migrated before the code that needs it runs.",
				Related: []Place{in.imageAt(c)},
			})
		}
	}

	return out
}
