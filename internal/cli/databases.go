package cli

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/goingdark-social/bot/pkg/bot"
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

	dsn, err := d.secret(*from)
	if err != nil {
		return nil, err
	}

	found, err := database.Read(ctx, database.Options{DSN: dsn.Reveal(), Secret: d.veil.Keep})
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

// sizes is the database that is asked how big tables are; nil: none is wanted.
// An address that is nowhere to be found is an error now, not a warning later.
func (p *Program) sizes(g *globals, wanted bool) (bot.Database, error) {
	if !wanted {
		return nil, nil //nolint:nilnil // none is asked
	}

	d, err := p.asked(g)
	if err != nil {
		return nil, err
	}

	if len(d.config.Applications) == 0 {
		if _, err := p.secret(*d.config.DSNFrom); err != nil {
			return nil, fmt.Errorf("--database: %w", err)
		}
	}

	return &askedOnce{databases: d, known: map[config.Source]answer{}}, nil
}

// askedOnce asks each database once, however many applications share it.
type askedOnce struct {
	*databases

	known map[config.Source]answer
}

type answer struct {
	found *drift.Database
	err   error
}

func (d *askedOnce) Read(ctx context.Context, repository, application string) (*drift.Database, error) {
	from := d.config.Of(repository, application)
	if from == nil {
		return nil, nil //nolint:nilnil // none is known
	}

	a, ok := d.known[*from]
	if !ok {
		a.found, a.err = d.databases.Read(ctx, repository, application)
		d.known[*from] = a
	}

	return a.found, a.err
}
