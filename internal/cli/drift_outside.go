package cli

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/goingdark-social/bot/pkg/cluster"
	"github.com/goingdark-social/bot/pkg/drift"
	"github.com/goingdark-social/bot/pkg/registry"
	"github.com/goingdark-social/bot/pkg/upstream"
)

// asker asks what is outside the tree, as far as the flags allow. What is nil
// is not asked. A registry that can't be asked is told and ends nothing, since
// nobody named it; a cluster or a database that can't is an error.
type asker struct {
	log      *slog.Logger
	registry *registry.Client
	updates  *upstream.Advisories
	cluster  *cluster.Cluster
	database *drift.Database
}

func (p *Program) asker(ctx context.Context, g *globals, f *driftFlags) (*asker, error) {
	a := &asker{log: g.logger(p)}

	if !f.offline {
		client, err := p.registry(g)
		if err != nil {
			return nil, err
		}

		a.registry = client.Pass()
		a.updates = upstream.NewAdvisories(upstream.AdvisoryOptions{Client: &http.Client{Transport: p.Transport, Timeout: 30 * time.Second}})
	}

	if f.live {
		var err error
		if a.cluster, err = cluster.Open(cluster.Options{Kubeconfig: f.kubeconfig, Context: f.context, UserAgent: userAgent()}); err != nil {
			return nil, err
		}
	}

	if f.database {
		if err := p.readDatabase(ctx, g, a); err != nil {
			return nil, err
		}
	}

	return a, nil
}

// ask fills in the outside of one application, for the checks that are made.
func (a *asker) ask(ctx context.Context, in *drift.Input, checks []drift.Check) error {
	needed := map[drift.Needs]bool{}
	for _, c := range checks {
		needed[c.Needs] = true
	}

	if needed[drift.Registry] {
		a.askRegistry(ctx, in)
	}

	if needed[drift.Dates] {
		a.askSupport(ctx, in)
	}

	if needed[drift.Rows] {
		in.Outside.Database = a.database
	}

	if !needed[drift.Cluster] {
		return nil
	}

	return a.askCluster(ctx, in)
}

// byDefault tells whether a check is made that nobody named: offline the dates
// are only as new as this program.
func (f *driftFlags) byDefault(n drift.Needs) bool {
	return f.missingFlag(n) == "" && (n != drift.Dates || !f.offline)
}

// contradicts is what flags say that others make void; "" when nothing does.
func (f *driftFlags) contradicts() string {
	if !f.live && (f.context != "" || f.kubeconfig != "") {
		return "--context and --kubeconfig say which cluster --live reads: add --live"
	}

	return ""
}

// missingFlag is what has to be said so that a check can be made; "" when
// nothing is missing.
func (f *driftFlags) missingFlag(n drift.Needs) string {
	switch {
	case n == drift.Registry && f.offline:
		return "it asks the registry: leave --offline away"
	case n == drift.Cluster && !f.live:
		return "it reads the cluster: add --live"
	case n == drift.Rows && !f.database:
		return "it reads the database: add --database"
	default:
		return ""
	}
}
