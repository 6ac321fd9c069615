package cli

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/goingdark-social/bot/pkg/bot"
	"github.com/goingdark-social/bot/pkg/config"
	"github.com/goingdark-social/bot/pkg/gh"
	"github.com/goingdark-social/bot/pkg/server"
)

// talk is how people can talk to the program.
func talk(t config.Talk) bot.Talk {
	return bot.Talk{Comments: t.Comments, Dashboard: t.Dashboard, Review: t.Review}
}

// webhook reads what GitHub sends; nil where no secret is configured. The
// secret is read anew each time, so that it can be replaced.
func (c *crew) webhook() (server.Hook, error) {
	from := c.operator.Server.WebhookSecretFrom
	if from == nil {
		return nil, nil //nolint:nilnil // none are taken, which is no error
	}

	// One that is not there is said at the start.
	if _, err := c.secret(*from); err != nil {
		return nil, err
	}

	return func(r *http.Request) (server.Knock, error) {
		secret, err := c.secret(*from)
		if err != nil {
			return server.Knock{}, err
		}

		d, err := gh.Hook(r, []byte(secret.Reveal()))
		if refused, ok := errors.AsType[*gh.HookError](err); ok {
			return server.Knock{}, &server.HookError{Status: refused.Status, Reason: refused.Message}
		}

		if err != nil {
			return server.Knock{}, err
		}

		return server.Knock{ID: d.ID, Repository: c.ours(d.Repository)}, nil
	}, nil
}

// ours is a repository as it is configured; "" for one that is not.
func (c *crew) ours(name string) string {
	for _, m := range c.listed() {
		if strings.EqualFold(m.Name, name) {
			return m.Name
		}
	}

	return ""
}

// passOver is a pass over some of the repositories.
func (c *crew) passOver(ctx context.Context, names []string) (server.Report, error) {
	return c.passes(ctx, func(r config.Repository) bool { return slices.Contains(names, r.Name) })
}
