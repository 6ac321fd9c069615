package cli

import (
	"context"

	"github.com/goingdark-social/bot/pkg/cluster"
	"github.com/goingdark-social/bot/pkg/config"
	"github.com/goingdark-social/bot/pkg/database"
	"github.com/goingdark-social/bot/pkg/drift"
)

// askCluster fills in what runs.
func (a *asker) askCluster(ctx context.Context, in *drift.Input) error {
	var kinds []cluster.Kind
	for _, k := range in.Kinds() {
		kinds = append(kinds, cluster.Kind{APIVersion: k.APIVersion, Kind: k.Kind, Namespace: k.Namespace, Names: k.Names})
	}

	found, err := a.cluster.Read(ctx, kinds)
	if err != nil {
		return err
	}

	out := &drift.Live{Objects: found.Items, Namespace: a.cluster.Namespace()}

	for _, u := range found.Unread {
		a.log.WarnContext(ctx, "a kind of object could not be read", "application", in.Application.Name, "kind", u.String(), "reason", u.Reason)
		out.Unread = append(out.Unread, drift.Unread{Kind: u.Kind.Kind, Namespace: u.Namespace, Reason: u.Reason})
	}

	in.Outside.Cluster = out

	return nil
}

// readDatabase fills in the rows that every application is held against.
func (p *Program) readDatabase(ctx context.Context, g *globals, a *asker) error {
	operator, err := p.operator(g, "")
	if err != nil {
		return err
	}

	from := config.Source{Env: "MASTODON_RO_DSN"}
	if operator.Database != nil && operator.Database.DSNFrom != nil {
		from = *operator.Database.DSNFrom
	}

	dsn, err := from.Read(p.Getenv, p.ReadFile)
	if err != nil {
		return err
	}

	found, err := database.Read(ctx, database.Options{DSN: dsn.Reveal()})
	if err != nil {
		return err
	}

	if found.Writable {
		a.log.WarnContext(ctx, "the database role may write; one that may read is enough")
	}

	a.database = &drift.Database{Migrations: found.Migrations}

	return nil
}
