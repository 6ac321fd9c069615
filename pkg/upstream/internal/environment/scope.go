package environment

import (
	"slices"
	"strings"

	"github.com/goingdark-social/bot/pkg/upstream/facts"
)

// rule gives the scopes of the files under a path; the first that fits counts.
type rule struct {
	prefix string
	scopes []facts.Scope
}

var (
	shared      = []facts.Scope{facts.Rails, facts.Sidekiq}
	development = []facts.Scope{facts.Development}
	test        = []facts.Scope{facts.Test}
	migrate     = []facts.Scope{facts.Migrate}
	build       = []facts.Scope{facts.Build}
	rails       = []facts.Scope{facts.Rails}
	sidekiq     = []facts.Scope{facts.Sidekiq}
	command     = []facts.Scope{facts.CLI}
)

// rules are upstream's layout. Rails and Sidekiq load the same application, so app, config and lib belong to both
// unless only one of them runs it.
var rules = []rule{
	{"spec/", test},
	{"config/environments/test.rb", test},
	{"lib/tasks/tests.rake", test},
	{"config/environments/development.rb", development},
	{"lib/tasks/dev.rake", development},
	{"lib/tasks/repo.rake", development},
	{"lib/tasks/annotate_rb.rake", development},
	{"lib/tasks/auto_annotate_models.rake", development},
	{"lib/tasks/branding.rake", development},
	{"lib/tasks/emojis.rake", development},
	{"lib/tasks/icons.rake", development},
	{"lib/linter/", development},
	{"lib/tasks/db.rake", migrate},
	{"lib/mastodon/migration_", migrate},
	{"db/", migrate},
	{"lib/tasks/assets.rake", build},
	{"lib/tasks/", command},
	{"lib/mastodon/cli/", command},
	{"bin/tootctl", command},
	{"bin/", development},
	{"Vagrantfile", development},
	{"Gemfile", development},
	{"lib/mastodon/sidekiq_middleware.rb", sidekiq},
	{"config/sidekiq.yml", sidekiq},
	{"app/workers/", sidekiq},
	{"config/puma.rb", rails},
	{"app/controllers/", rails},
	{"streaming/", []facts.Scope{facts.Streaming}},
	{"config/vite", build},
	{"config/webpack", build},
	{"app/javascript/", build},
	{"app/", shared},
	{"config/", shared},
	{"lib/", shared},
	{"config.ru", rails},
	{"Rakefile", command},
}

// ScopesOf is who runs a file.
func ScopesOf(file string) []facts.Scope {
	for _, r := range rules {
		if strings.HasPrefix(file, r.prefix) {
			return r.scopes
		}
	}
	return build
}

var scopeOrder = []facts.Scope{
	facts.Rails, facts.Sidekiq, facts.Streaming, facts.Migrate, facts.CLI, facts.Build, facts.Development, facts.Test,
}

// order sorts scopes as their constants stand, each once.
func order(scopes []facts.Scope) []facts.Scope {
	out := []facts.Scope{}
	for _, s := range scopeOrder {
		if slices.Contains(scopes, s) {
			out = append(out, s)
		}
	}
	return out
}
