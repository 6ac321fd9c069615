package special

import "github.com/goingdark-social/bot/pkg/version"

// All are the entries, oldest line first.
func All() []Entry {
	var (
		v43 = version.Line{Major: 4, Minor: 3}
		v44 = version.Line{Major: 4, Minor: 4}
		v45 = version.Line{Major: 4, Minor: 5}
		v46 = version.Line{Major: 4, Minor: 6}
	)
	return []Entry{
		{
			ID: "streaming-image", Line: v43, Concerns: Concern{SharedImage: true}, Severity: "error", Phase: "before",
			Text: "streaming has an image of its own from 4.3 on, mastodon-streaming; the image of web no longer holds it",
			Step: "Give streaming the image mastodon-streaming; the image of web no longer holds it",
			Sources: []Source{
				{"v4.3.0", "CHANGELOG.md", 191, "its own docker image"},
				{"v4.3.0", "docker-compose.yml", 86, "mastodon-streaming"},
			},
		},
		{
			ID: "encryption-secrets", Line: v43, Phase: "before",
			Step: "Make the three ACTIVE_RECORD_ENCRYPTION_ secrets once, in a pod of the new image, for web, Sidekiq and the migrate Jobs alike, and keep them: without them " +
				"nothing starts, and with others two-factor logins are lost",
			Run: []string{"bundle", "exec", "rails", "db:encryption:init"},
			Sources: []Source{
				{"v4.3.0", "CHANGELOG.md", 249, "db:encryption:init"},
				{"v4.3.0", "config/initializers/active_record_encryption.rb", 13, "ENV.fetch(key)"},
			},
		},
		{
			ID: "accounts-index", Line: v43, Concerns: Concern{Search: true}, Phase: "after", Index: "accounts",
			Step: "Build the search index of accounts anew, as upstream's notes to 4.3.0 ask",
			Run:  []string{"bin/tootctl", "search", "deploy", "--only=accounts"},
			Sources: []Source{
				{"v4.3.0", "", 0, ""},
				{"v4.3.0", "lib/mastodon/cli/search.rb", 19, "option :only"},
			},
		},
		{
			ID: "redis-namespace", Line: v44, Concerns: Concern{Variable: "REDIS_NAMESPACE"}, Phase: "before",
			Step: "Move what Redis holds out of its namespace (https://github.com/mastodon/redis_namespace_migration), take REDIS_NAMESPACE away and, where " +
				"search is on, set ES_PREFIX to what it was",
			Sources: []Source{
				{"v4.4.0", "config/initializers/deprecations.rb", 3, "REDIS_NAMESPACE"},
				{"v4.4.0", "CHANGELOG.md", 186, "Redis namespaces"},
			},
		},
		{
			ID: "two-phases-from-4.3", Line: v44, Before: v43, Severity: "error",
			Text: "4.4 has no code for the two-factor secrets that releases before 4.3 wrote, so that two phases are not possible from there: deploy 4.3 with " +
				"its post-deployment migrations first, or stop every process for the upgrade",
			Sources: []Source{{"v4.4.0", "CHANGELOG.md", 196, "zero-downtime migrations from versions earlier than 4.3.0"}},
		},
		{
			ID: "postgresql-13", Line: v44, Concerns: Concern{WithoutFacts: true}, Phase: "before",
			Step: "See that PostgreSQL is 13 or newer: the migrate Jobs abort below it",
			Sources: []Source{
				{"v4.4.0", "lib/tasks/db.rake", 66, "130_000"},
				{"v4.4.0", "CHANGELOG.md", 189, "PostgreSQL 12"},
			},
		},
		{
			ID: "redis-6.2", Line: v44, Concerns: Concern{WithoutFacts: true}, Phase: "before",
			Step:    "See that Redis is 6.2 or newer",
			Sources: []Source{{"v4.4.0", "CHANGELOG.md", 191, "Redis < 6.2"}, {"v4.4.0", "README.md", 77, "6.2+"}},
		},
		{
			ID: "node-20", Line: v44, Concerns: Concern{WithoutFacts: true}, Severity: "info",
			Text:    "images of one's own need Node.js 20 or newer; upstream's have it",
			Sources: []Source{{"v4.4.0", "package.json", 6, ">=20"}, {"v4.4.0", "CHANGELOG.md", 190, "Node.JS < 20"}},
		},
		{
			ID: "queue-fasp", Line: v44, Concerns: Concern{Queue: "fasp"}, Phase: "before",
			Step:    "Let a Sidekiq process serve the queue fasp (-q fasp); it is harmless before the upgrade",
			Sources: []Source{{"v4.4.0", "config/sidekiq.yml", 10, "fasp"}},
		},
		{
			ID: "index-analyzers", Line: v44, Concerns: Concern{Search: true}, Phase: "after", Index: "accounts",
			Step: "Bring the search index of accounts up to its new analyzers; without --only-mapping it is emptied and filled anew, and finds less until then",
			Run:  []string{"bin/tootctl", "search", "deploy", "--only-mapping", "--only=accounts"},
			Sources: []Source{
				{"v4.4.0", "app/chewy/accounts_index.rb", 52, "word_join_analyzer"},
				{"v4.4.0", "lib/mastodon/cli/search.rb", 23, "only_mapping"},
				{"v4.4.0", "CHANGELOG.md", 78, "analyzers mismatch"},
			},
		},
		{
			ID: "default-locale", Line: v44, Concerns: Concern{Variable: "DEFAULT_LOCALE"}, Severity: "info",
			Text:    "DEFAULT_LOCALE no longer goes before the language of a visitor's browser; FORCE_DEFAULT_LOCALE=true keeps it as it was",
			Sources: []Source{{"v4.4.0", "CHANGELOG.md", 148, "FORCE_DEFAULT_LOCALE=true"}},
		},
		{
			ID: "postgresql-14", Line: v45, Concerns: Concern{WithoutFacts: true}, Phase: "before",
			Step: "See that PostgreSQL is 14 or newer: the migrate Jobs abort below it",
			Sources: []Source{
				{"v4.5.0", "lib/tasks/db.rake", 66, "140_000"},
				{"v4.5.0", "CHANGELOG.md", 112, "PostgreSQL 13"},
			},
		},
		{
			ID: "sidekiq-8", Line: v45, Concerns: Concern{WithoutFacts: true}, Severity: "info",
			Text: "Sidekiq is 8 from 4.5 on, and calls itself so: a probe that looks for sidekiq 7 fails. Upstream's own takes both, [s]idekiq\\ [78]",
			Sources: []Source{
				{"v4.5.0", "docker-compose.yml", 118, "[78]"},
				{"v4.5.0", "Gemfile.lock", 808, "sidekiq (8.0.9)"},
			},
		},
		{
			ID: "fetch-replies", Line: v45, Concerns: Concern{Variable: "FETCH_REPLIES_ENABLED"}, Severity: "info",
			Text:    "FETCH_REPLIES_ENABLED and the variables beside it are not read any more: replies to a remote post are fetched when somebody opens it",
			Sources: []Source{{"v4.5.0", "CHANGELOG.md", 12, "fetching and refreshing replies"}},
		},
		{
			ID: "ruby-3.3-node-22", Line: v46, Concerns: Concern{WithoutFacts: true}, Severity: "info",
			Text: "images of one's own need Ruby 3.3 and Node.js 22 or newer; upstream's have them",
			Sources: []Source{
				{"v4.6.0", "CHANGELOG.md", 99, "Ruby 3.2"},
				{"v4.6.0", "Gemfile", 4, "3.3.0"},
				{"v4.6.0", "package.json", 6, ">=22"},
			},
		},
		{
			ID: "imagemagick", Line: v46, Concerns: Concern{Variable: "MASTODON_USE_LIBVIPS", Value: "false"}, Severity: "warning",
			Text:    "ImageMagick is gone, and MASTODON_USE_LIBVIPS=false no longer brings it back: pictures are made with libvips",
			Sources: []Source{{"v4.6.0", "CHANGELOG.md", 101, "ImageMagick"}, {"v4.5.0", "config/application.rb", 97, "MASTODON_USE_LIBVIPS"}},
		},
		{
			ID: "elasticsearch-client-8", Line: v46, Concerns: Concern{SearchBelow: "8"}, Severity: "warning",
			Text: "the client for Elasticsearch is 8 and made for servers of 8 and newer, though Mastodon's own check still passes 7; upstream's sample went from " +
				"7.17 to 8.19 with it. Try search on a copy, or bring the server to 8 first",
			Sources: []Source{
				{"v4.6.0", "Gemfile.lock", 221, "elasticsearch (8.19.3)"},
				{"v4.6.0", "docker-compose.yml", 30, "elasticsearch:8.19.15"},
				{"v4.6.0", "app/lib/admin/system_check/elasticsearch_check.rb", 80, "7.x"},
			},
		},
	}
}
