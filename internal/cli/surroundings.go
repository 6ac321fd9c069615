package cli

import (
	"github.com/goingdark-social/bot/pkg/bot"
	"github.com/goingdark-social/bot/pkg/config"
	"github.com/goingdark-social/bot/pkg/gh"
)

// surroundings wires what is outside of repositories and registries, as far as
// the operator's file names it.
func (c *crew) surroundings(o *bot.Options, github *gh.Client) {
	if c.operator.Cluster != nil {
		o.Live = newClusters(c.operator.Cluster, c.veil)
	}

	if c.operator.Database != nil {
		o.Database = &databases{c.Program, c.operator.Database, c.log}
	}

	if c.operator.Commits.Through == config.ThroughAPI {
		o.Maker = github
	}

	if !c.offline {
		o.Updates = c.updates()
	}
}
