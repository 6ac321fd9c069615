package cli

import "github.com/goingdark-social/bot/pkg/bot"

// rollingOut is how far a roll-out has come, in a line; "" for none, and for
// one that has ended.
func rollingOut(a bot.ApplicationResult) string {
	if a.Rollout == nil || a.Rollout.State() == "done" {
		return ""
	}

	line := a.Rollout.To + ", " + a.Rollout.Detail()
	if a.Rollout.State() == "stuck" {
		line += " (stuck)"
	}

	return line
}
