package cli

import (
	"context"
	"log/slog"

	"github.com/goingdark-social/bot/pkg/config"
	"github.com/goingdark-social/bot/pkg/database"
	"github.com/goingdark-social/bot/pkg/drift"
)

// databases reads the databases of applications, each where the operator says.
type databases struct {
	*Program

	config *config.Database
	log    *slog.Logger
}

// Read asks the database of an application; nil: it has none that is known.
func (d *databases) Read(ctx context.Context, repository, application string) (*drift.Database, error) {
	from := d.config.Of(repository, application)
	if from == nil {
		return nil, nil //nolint:nilnil // none is known
	}

	dsn, err := from.Read(d.Getenv, d.ReadFile)
	if err != nil {
		return nil, err
	}

	found, err := database.Read(ctx, database.Options{DSN: dsn.Reveal()})
	if err != nil {
		return nil, err
	}

	if found.Writable {
		d.log.WarnContext(ctx, "the database role may write; one that may read is enough", "application", application)
	}

	out := &drift.Database{Migrations: found.Migrations, Rows: map[string]int64{}}

	for _, t := range found.Tables {
		if t.Rows >= 0 {
			out.Rows[t.Name] = t.Rows
		}
	}

	return out, nil
}

// asked is the database that --database reads: that of the operator's file, or
// MASTODON_RO_DSN.
func (p *Program) asked(g *globals) (*databases, error) {
	operator, err := p.operator(g, "")
	if err != nil {
		return nil, err
	}

	c := config.Database{}
	if operator.Database != nil {
		c = *operator.Database
	}

	if c.DSNFrom == nil {
		c.DSNFrom = &config.Source{Env: "MASTODON_RO_DSN"}
	}

	return &databases{p, &c, g.logger(p)}, nil
}
