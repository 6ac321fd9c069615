package cli

import (
	"net/http"
	"time"

	"github.com/goingdark-social/bot/pkg/bot"
	"github.com/goingdark-social/bot/pkg/config"
	"github.com/goingdark-social/bot/pkg/drift"
	"github.com/goingdark-social/bot/pkg/upstream"
)

// outside asks what is outside the tree, as far as the flags allow.
func (p *Program) outside(g *globals, f *driftFlags) (bot.Outside, error) {
	o := bot.Outside{Log: g.logger(p)}

	if !f.offline {
		client, err := p.registry(g)
		if err != nil {
			return o, err
		}

		o.Registry, o.Updates = client.Pass(), p.updates()
	}

	if f.live {
		clusters, err := p.watched(g, f)
		if err != nil {
			return o, err
		}

		o.Live = clusters
	}

	if f.database {
		databases, err := p.asked(g)
		if err != nil {
			return o, err
		}

		o.Database = databases
	}

	return o, nil
}

// watched is the cluster that --live reads: what the flags say, else the
// operator's file, else what a kubeconfig says by itself.
func (p *Program) watched(g *globals, f *driftFlags) (*clusters, error) {
	operator, err := p.operator(g, "")
	if err != nil {
		return nil, err
	}

	if operator.Cluster == nil || f.kubeconfig != "" || f.context != "" {
		return newClusters(&config.Cluster{Kubeconfig: f.kubeconfig, Context: f.context}, p.veil), nil
	}

	return newClusters(operator.Cluster, p.veil), nil
}

// updates is upstream's update check.
func (p *Program) updates() *upstream.Advisories {
	return upstream.NewAdvisories(upstream.AdvisoryOptions{Client: &http.Client{Transport: p.Transport, Timeout: 30 * time.Second}})
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
