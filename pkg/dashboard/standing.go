package dashboard

import (
	"slices"

	"github.com/goingdark-social/bot/pkg/severity"
	"github.com/goingdark-social/bot/pkg/status"
)

// The states by which the list is filtered, in the order in which they stand.
const (
	failing  = "failing"
	security = "security"
	mixed    = "mixed"
	proposed = "proposed"
	held     = "held"
	drifting = "findings"
	current  = "current"
)

// state is one of them with its words.
type state struct{ Key, Label, Class string }

var states = []state{
	{failing, "Failed", "bad"},
	{security, "Security release waiting", "bad"},
	{mixed, "Mixed versions", "warn"},
	{proposed, "Update proposed", "info"},
	{held, "Held back", "quiet"},
	{drifting, "Findings", "warn"},
	{current, "Up to date", "good"},
}

// standing is which of the states an application is in, never none.
func standing(a status.Application) []state {
	is := map[string]bool{
		failing:  a.Err != "",
		security: len(a.Waiting) > 0,
		mixed:    a.Mixed,
		proposed: len(a.Pulls) > 0 || len(a.Proposals) > 0,
		held:     len(a.Held) > 0 || a.Blocked != "",
		drifting: a.Count(severity.Error)+a.Count(severity.Warning) > 0,
	}
	is[current] = !is[failing] && !is[security] && !is[mixed] && !is[proposed] && !is[held]

	return slices.DeleteFunc(slices.Clone(states), func(s state) bool { return !is[s.Key] })
}

func in(all []state, key string) bool {
	return slices.ContainsFunc(all, func(s state) bool { return s.Key == key })
}
