package drift

import (
	"fmt"

	"github.com/goingdark-social/bot/pkg/severity"
)

func migrateThroughPooler() Check {
	return Check{
		ID: "migrate-through-pooler", Severity: severity.Error, Title: "migrations through a transaction pooler",
		Doc: `Rails holds an advisory lock on its session while it migrates, and a pooler in transaction mode gives it another session for each
transaction: migrations fail or run twice. The Job must talk to PostgreSQL itself; another DB_PORT alone does not help where the
pooler listens there. DATABASE_URL and what the command sets count. Session mode is fine; of an unknown mode it says info.`,
		find: findThroughPooler,
	}
}

func findThroughPooler(in *Input) []Finding {
	var out []Finding

	for _, c := range in.migrations() {
		host, port, at, known := c.databaseOf()
		if !known {
			continue
		}

		s := in.serverAt(host, port, c.object)
		if s.pooler == nil || s.mode == "session" {
			continue
		}

		f := Finding{
			Place: at, Components: []string{"migrate"}, Name: host, Related: []Place{s.pooler.first(), c.object.first(), at},
			Message:  fmt.Sprintf("%s migrates through %s, a pooler in %s mode", c.object.title(), host, s.mode),
			Expected: "the host of PostgreSQL itself", Actual: host, Fix: "Give the Job a DB_HOST of its own that is PostgreSQL's.",
		}

		if s.database != nil && s.database != s.pooler {
			f.Related = append(f.Related, s.database.first())
		}

		if c.env["DB_HOST"].holder != c.object && at == c.env["DB_HOST"].place { // shared with those for whom the pooler is right
			f.Place = c.object.first()
		}

		if s.mode == "" {
			f.Severity = severity.Info
			f.Message = fmt.Sprintf("%s migrates through %s, a pooler of unknown mode; transaction mode would break it", c.object.title(), host)
		}

		out = append(out, f)
	}

	return out
}
