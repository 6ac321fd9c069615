package migration

import (
	"strings"

	"github.com/goingdark-social/bot/internal/lazyre"

	"github.com/goingdark-social/bot/pkg/upstream/facts"
)

// action is one form of what ALTER TABLE does.
type action struct {
	pattern *lazyre.Regexp
	make    func(m []string) facts.Operation
}

func when(pattern string, f func(m []string) facts.Operation) action {
	return action{lazyre.New(`(?i)^` + pattern), f}
}

var actions = []action{
	when(`ADD CONSTRAINT `+word+` FOREIGN KEY \(`+word+`\) REFERENCES `+word, func(m []string) facts.Operation {
		return facts.Operation{Kind: facts.AddForeignKey, Index: m[1], Columns: []string{m[2]}, To: m[3]}
	}),
	when(`ADD CONSTRAINT `+word+` CHECK`, func(m []string) facts.Operation {
		return facts.Operation{Kind: facts.AddCheck, Index: m[1]}
	}),
	when(`ADD CONSTRAINT `+word+` PRIMARY KEY USING INDEX`, func(m []string) facts.Operation {
		return facts.Operation{Kind: facts.AddIndex, Index: m[1], Unique: true, Concurrent: true}
	}),
	when(`ADD PRIMARY KEY|ADD CONSTRAINT `+word+` PRIMARY KEY`, func(m []string) facts.Operation {
		return facts.Operation{Kind: facts.AddIndex, Index: m[1], Unique: true}
	}),
	when(`DROP CONSTRAINT (?:IF EXISTS )?`+word, func(m []string) facts.Operation {
		if strings.HasPrefix(m[1], "fk_") || strings.HasSuffix(m[1], "_fk") || strings.HasSuffix(m[1], "_fkey") {
			return facts.Operation{Kind: facts.RemoveForeignKey, Index: m[1]}
		}
		return facts.Operation{Kind: facts.RemoveCheck, Index: m[1]}
	}),
	when(`VALIDATE CONSTRAINT `+word, func(m []string) facts.Operation {
		if strings.HasPrefix(m[1], "fk_") {
			return facts.Operation{Kind: facts.ValidateForeignKey, Index: m[1]}
		}
		return facts.Operation{Kind: facts.ValidateCheck, Index: m[1]}
	}),
	when(`ALTER (?:COLUMN )?`+word+` SET DEFAULT (.*)`, func(m []string) facts.Operation {
		return facts.Operation{Kind: facts.ChangeDefault, Columns: []string{m[1]}, Default: new(strings.TrimSpace(m[2]))}
	}),
	when(`ALTER (?:COLUMN )?`+word+` DROP DEFAULT`, func(m []string) facts.Operation {
		return facts.Operation{Kind: facts.ChangeDefault, Columns: []string{m[1]}}
	}),
	when(`ALTER (?:COLUMN )?`+word+` (SET|DROP) NOT NULL`, func(m []string) facts.Operation {
		return facts.Operation{Kind: facts.ChangeNull, Columns: []string{m[1]}, Null: new(strings.EqualFold(m[2], "drop"))}
	}),
	when(`ALTER (?:COLUMN )?`+word+` (?:SET DATA )?TYPE `+word, func(m []string) facts.Operation {
		return facts.Operation{Kind: facts.ChangeColumn, Columns: []string{m[1]}, Type: strings.ToLower(m[2])}
	}),
	when(`ADD (?:COLUMN )?(?:IF NOT EXISTS )?`+word+` `+word, func(m []string) facts.Operation {
		return facts.Operation{Kind: facts.AddColumn, Columns: []string{m[1]}, Type: strings.ToLower(m[2])}
	}),
	when(`DROP (?:COLUMN )?(?:IF EXISTS )?`+word, func(m []string) facts.Operation {
		return facts.Operation{Kind: facts.RemoveColumn, Columns: []string{m[1]}}
	}),
	when(`RENAME TO `+word, func(m []string) facts.Operation {
		return facts.Operation{Kind: facts.RenameTable, To: m[1]}
	}),
	when(`RENAME CONSTRAINT `+word+` TO `+word, func(m []string) facts.Operation {
		return facts.Operation{Kind: facts.RenameIndex, Index: m[1], To: m[2]}
	}),
	when(`RENAME (?:COLUMN )?`+word+` TO `+word, func(m []string) facts.Operation {
		return facts.Operation{Kind: facts.RenameColumn, Columns: []string{m[1]}, To: m[2]}
	}),
}

// alter reads the actions of one ALTER TABLE.
func alter(table, rest string) []facts.Operation {
	var out []facts.Operation
	for _, part := range topLevel(rest) {
		o := facts.Operation{Kind: facts.SQL}
		for _, a := range actions {
			if m := a.pattern.FindStringSubmatch(part); m != nil {
				o = a.make(m)
				o.NotValidated = strings.HasSuffix(strings.ToUpper(part), "NOT VALID")
				break
			}
		}
		o.Table = table
		out = append(out, o)
	}
	return out
}

// topLevel splits at commas outside of parentheses.
func topLevel(s string) []string {
	var out []string
	depth, start := 0, 0
	for i, c := range s {
		switch c {
		case '(':
			depth++
		case ')':
			depth--
		case ',':
			if depth == 0 {
				out = append(out, strings.TrimSpace(s[start:i]))
				start = i + 1
			}
		}
	}
	return append(out, strings.TrimSpace(s[start:]))
}
