package config

import (
	"time"

	"github.com/goingdark-social/bot/pkg/version"
)

// DefaultApplication returns the policy of an application of which no file speaks. Name and Root are empty.
func DefaultApplication() Application {
	return Application{
		Channel:     version.Stable,
		Tracks:      Tracks(),
		MinimumAge:  map[string]time.Duration{TrackPatch: 0, TrackMinor: 0},
		Platforms:   []string{"linux/amd64"},
		Pin:         PinAsIs,
		PullRequest: PullRequest{Rebase: RebaseNeeded},
		Rollout:     DefaultRollout(),
	}
}

// DefaultPolicy returns the policy of a repository without a bot.yaml.
func DefaultPolicy() *Policy { return &Policy{Version: formatVersion} }

// DefaultOperator returns what holds without an operator's file.
func DefaultOperator() *Operator {
	return &Operator{
		Version:  formatVersion,
		Schedule: "*/30 * * * *",
		TimeZone: time.UTC,
		Commits:  DefaultCommitter(),
		Talk:     Talk{Comments: true, Dashboard: true, Review: true},
		Server:   Server{Listen: "127.0.0.1:8080", Dashboard: Pages{Enabled: true}},
		Fleet:    DefaultFleet(),
	}
}

// formatVersion is the only version of both formats so far.
const formatVersion = 1
