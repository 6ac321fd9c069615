package migration

import (
	"strings"

	"github.com/goingdark-social/bot/internal/lazyre"
	"github.com/goingdark-social/bot/pkg/upstream/facts"
)

// execute reads the SQL that a migration gives as text.
func execute(r *reader, i int, s scope) int {
	a := r.args(i)
	line := r.at(i).Line
	sql, ok := s.text(r, arg(a, 0))
	if !ok {
		r.add(facts.Operation{Kind: facts.SQL, Line: line})
		return r.last(a, false)
	}
	for _, o := range readSQL(sql) {
		o.Line = line
		r.add(o)
	}
	return r.last(a, false)
}

var sqlComment = lazyre.New(`--[^\n]*|/\*(?s:.*?)\*/`)

// readSQL reads statements separated by semicolons. A function's body keeps its semicolons: it is one statement.
func readSQL(sql string) []facts.Operation {
	sql = strings.TrimSpace(sqlComment.ReplaceAllString(sql, " "))
	if routine.MatchString(sql) {
		return []facts.Operation{{Kind: facts.Function}}
	}
	var out []facts.Operation
	for statement := range strings.SplitSeq(sql, ";") {
		if statement = strings.Join(strings.Fields(statement), " "); statement != "" {
			out = append(out, sqlStatement(statement)...)
		}
	}
	return out
}

const word = `"?([A-Za-z0-9_.]+)"?`

// forms are the statements that are known beside ALTER TABLE, tried in order.
var forms = []action{
	when(`CREATE (UNIQUE )?INDEX (CONCURRENTLY )?(?:IF NOT EXISTS )?`+word+` ON (?:ONLY )?`+word, func(m []string) facts.Operation {
		return facts.Operation{Kind: facts.AddIndex, Unique: m[1] != "", Concurrent: m[2] != "", Index: m[3], Table: m[4]}
	}),
	when(`DROP INDEX (CONCURRENTLY )?(?:IF EXISTS )?`+word, func(m []string) facts.Operation {
		return facts.Operation{Kind: facts.RemoveIndex, Concurrent: m[1] != "", Index: m[2]}
	}),
	when(`REINDEX (?:INDEX|TABLE) (CONCURRENTLY )?`+word, func(m []string) facts.Operation {
		return facts.Operation{Kind: facts.Reindex, Concurrent: m[1] != "", Index: m[2]}
	}),
	when(`ALTER INDEX (?:IF EXISTS )?`+word+` RENAME TO `+word, func(m []string) facts.Operation {
		return facts.Operation{Kind: facts.RenameIndex, Index: m[1], To: m[2]}
	}),
	when(`DROP (?:FUNCTION|TRIGGER)`, func([]string) facts.Operation {
		return facts.Operation{Kind: facts.Function}
	}),
	when(`DROP TABLE (?:IF EXISTS )?`+word, func(m []string) facts.Operation {
		return facts.Operation{Kind: facts.DropTable, Table: m[1]}
	}),
	when(`(?:UPDATE (?:ONLY )?|DELETE FROM (?:ONLY )?|INSERT INTO |TRUNCATE (?:TABLE )?)`+word, func(m []string) facts.Operation {
		return facts.Operation{Kind: facts.Data, Table: m[1]}
	}),
	when(`WITH .*?\b(?:UPDATE (?:ONLY )?|DELETE FROM (?:ONLY )?|INSERT INTO )`+word, func(m []string) facts.Operation {
		return facts.Operation{Kind: facts.Data, Table: m[1]}
	}),
	when(`LOCK (?:TABLE )?`+word, func(m []string) facts.Operation {
		return facts.Operation{Kind: facts.SQL, Table: m[1]}
	}),
}

var (
	alterTable = lazyre.New(`(?i)^ALTER TABLE (?:IF EXISTS )?(?:ONLY )?` + word + ` (.*)`)
	routine    = lazyre.New(`(?i)^CREATE\s+(?:OR\s+REPLACE\s+)?(?:FUNCTION|TRIGGER|PROCEDURE)`)
)

func sqlStatement(sql string) []facts.Operation {
	if m := alterTable.FindStringSubmatch(sql); m != nil {
		return alter(m[1], m[2])
	}
	for _, f := range forms {
		if m := f.pattern.FindStringSubmatch(sql); m != nil {
			return []facts.Operation{f.make(m)}
		}
	}
	return []facts.Operation{{Kind: facts.SQL}}
}
