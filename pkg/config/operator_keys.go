package config

import (
	"strings"
	"time"
)

// operatorShape is the table of the operator's file.
func operatorShape() shape[Operator] {
	return object(
		field("version", "Version of the file's format.", formatNumber(), func(o *Operator) *int { return &o.Version }).must(),
		field("repositories", "The GitOps repositories to look after.",
			list(repositoryShape(), func() Repository { return Repository{} }), func(o *Operator) *[]Repository { return &o.Repositories }).
			otherwise("with github.app every repository of its installations that has a bot.yaml; else none, and --repo names one"),
		field("schedule", "When passes of the service start: minute, hour, day of the month, month, day of the week.",
			schedule(), func(o *Operator) *string { return &o.Schedule }).like(`"*/15 * * * *"`).def("*/30 * * * *"),
		field("timeZone", "The time zone of schedule, and of a policy's windows that name none.",
			zone(), func(o *Operator) **time.Location { return &o.TimeZone }).like("Europe/Stockholm").def("UTC"),
		field("github", "How to reach GitHub.",
			gitHubShape(), func(o *Operator) *GitHub { return &o.GitHub }).like("{tokenFrom: {env: GITHUB_TOKEN}}"),
		field("commits", "Who makes commits, and the key that proves it.",
			commitsShape(), func(o *Operator) *Commits { return &o.Commits }),
		field("notify", "Where notifications go.",
			notifyShape(), func(o *Operator) *Notify { return &o.Notify }).otherwise("nowhere"),
		field("cluster", "The Kubernetes cluster that the applications run in, which is read with rights that cannot write; {} is the one that the bot runs in.",
			optional(clusterShape(), Cluster{}), func(o *Operator) **Cluster { return &o.Cluster }).like("{context: production}").otherwise("none is asked"),
		field("database", "A Mastodon's database, which is read with read-only rights.",
			optional(databaseShape(), Database{}), func(o *Operator) **Database { return &o.Database }).otherwise("none is asked"),
		field("talk", "How people can talk to the bot on GitHub.",
			talkShape(), func(o *Operator) *Talk { return &o.Talk }),
		field("server", "How the service listens.",
			serverShape(), func(o *Operator) *Server { return &o.Server }),
		field("fleet", "How many repositories are worked through.",
			fleetShape(), func(o *Operator) *Fleet { return &o.Fleet }),
		field("queue", "A PostgreSQL through which several replicas of bot serve share the repositories.",
			optional(queueShape(), Queue{}), func(o *Operator) **Queue { return &o.Queue }).like("{dsnFrom: {env: BOT_QUEUE}}").otherwise("one process works alone"),
		field("cache", "A folder for copies of the repositories, which may be deleted at any time.",
			matching("path of a folder", `^(?:/|\.\.?/|[A-Za-z]:[/\\])[^\n]*$`, "a path starts with / or ./"), func(o *Operator) *string { return &o.Cache }).like("/var/cache/bot").otherwise("below the user's cache"),
	).checked(func(d *decoder, at place, o *Operator) {
		checkRepositories(d, at, o)
		checkFleet(d, at, o)
		if o.Commits.Through == ThroughAPI && o.GitHub.App == nil {
			d.fail(at.key("commits").key("through"), "only the commits of a GitHub App are signed by GitHub", "add github.app, or push with git")
		}
	})
}

func repositoryShape() shape[Repository] {
	return object(
		field("name", "owner/name.",
			repositoryName(), func(r *Repository) *string { return &r.Name }).like("example/gitops").must(),
		field("branch", "The branch that pull requests go to.",
			branch(), func(r *Repository) *string { return &r.Branch }).like("main").otherwise("the repository's default branch"),
	)
}

// sourceShape is a reference to a secret. Nothing that stands in its place is ever shown.
func sourceShape() shape[Source] {
	m := manner{private: true, hint: "write {env: NAME} or {file: /path}; the secret itself is never in the file"}
	return mapping(m,
		field("env", "Name of an environment variable that holds it.",
			unseen("name of an environment variable", `^[A-Z_][A-Z0-9_]{0,254}$`, "a name has capitals, digits and _; the secret itself is never in the file"), func(s *Source) *string { return &s.Env }).like("NAME"),
		field("file", "Path of a file that holds it.",
			unseen("path of a file", `^(?:/|\.\.?/|[A-Za-z]:[/\\])[^\n]*$`, "a path starts with / or ./; the secret itself is never in the file"), func(s *Source) *string { return &s.File }).like("/run/secrets/name"),
	).checked(func(d *decoder, at place, _ *Source) {
		if at.has("env") == at.has("file") {
			d.fail(at, "exactly one of env and file says where the secret is", m.hint)
		}
	}).constrained(func(s *Schema) {
		s.kind = secretKind
		s.OneOf = []*Schema{{Required: []string{"env"}}, {Required: []string{"file"}}}
	})
}

// unseen is matching for what may be a secret by mistake.
func unseen(what, pattern, hint string) shape[string] {
	s := matching(what, pattern, "")
	return shape[string]{schema: s.schema, decode: func(d *decoder, at place, into *string) {
		probe := decoder{file: d.file}
		if s.decode(&probe, at, into); len(probe.errs) > 0 {
			d.fail(at, "is not the "+what, hint)
		}
	}}
}

func source() shape[*Source] { return optional(sourceShape(), Source{}) }

func gitHubShape() shape[GitHub] {
	return object(
		field("baseURL", "Address of a GitHub Enterprise Server.",
			webAddress(true), func(g *GitHub) *string { return &g.BaseURL }).like("https://github.example.com/").otherwise("github.com"),
		field("tokenFrom", "Where the token is.",
			source(), func(g *GitHub) **Source { return &g.TokenFrom }).like("{env: GITHUB_TOKEN}").otherwise("none"),
		field("app", "Authenticates as a GitHub App.",
			optional(appShape(), App{}), func(g *GitHub) **App { return &g.App }).like("{id: 12345, keyFrom: {file: /run/secrets/app.pem}}").otherwise("none"),
	).checked(func(d *decoder, at place, _ *GitHub) {
		if at.has("tokenFrom") && at.has("app") {
			d.fail(at.key("app"), "tokenFrom and app exclude each other", "keep one of them")
		}
	}).constrained(func(s *Schema) { s.Not = &Schema{Required: []string{"tokenFrom", "app"}} })
}

func appShape() shape[App] {
	return object(
		field("id", "The app's id.", integer[int64](1), func(a *App) *int64 { return &a.ID }).like("12345").must(),
		field("installation", "The installation's id.",
			integer[int64](1), func(a *App) *int64 { return &a.Installation }).like("67890").otherwise("looked up for each repository"),
		field("keyFrom", "Where the app's private key (PEM) is.", sourceShape(), func(a *App) *Source { return &a.KeyFrom }).like("{file: /run/secrets/app.pem}").must(),
	)
}

func notifyShape() shape[Notify] {
	return object(
		field("slack", "Slack, by a bot token and a channel or by an incoming webhook.",
			optional(slackShape(), Slack{}), func(n *Notify) **Slack { return &n.Slack }).
			like(`{channel: "#ops", tokenFrom: {env: SLACK_TOKEN}, securityGroup: S012345}`).otherwise("none"),
	)
}

func slackShape() shape[Slack] {
	return object(
		field("channel", "The channel's name in quotes, or its id.",
			matching("channel", `^(?:#[^\s#@<>&,]{1,80}|[CGD][A-Z0-9]{2,20})$`, `write "#name" or the channel's id`), func(s *Slack) *string { return &s.Channel }).like(`"#ops"`).otherwise("the webhook's own"),
		field("tokenFrom", "Where the bot token is; it gives one thread a pull request.",
			source(), func(s *Slack) **Source { return &s.TokenFrom }).like("{env: SLACK_TOKEN}"),
		field("webhookFrom", "Where the URL of an incoming webhook is, instead of a token.",
			source(), func(s *Slack) **Source { return &s.WebhookFrom }).like("{env: SLACK_WEBHOOK}"),
		field("securityGroup", "Id of the user group that security releases mention.",
			matching("user group's id", `^S[A-Z0-9]{2,20}$`, "write the id of the group, S012345"), func(s *Slack) *string { return &s.SecurityGroup }).like("S012345").otherwise("nobody is mentioned"),
		field("quiet", "Hours in which only security is told, in the operator's time zone; the rest waits.",
			optional(quietShape(), Quiet{}), func(s *Slack) **Quiet { return &s.Quiet }).like(`{from: "22:00", to: "07:00"}`).otherwise("none"),
	).checked(checkSlack).constrained(func(s *Schema) {
		s.OneOf = []*Schema{{Required: []string{"tokenFrom", "channel"}}, {Required: []string{"webhookFrom"}, Not: &Schema{Required: []string{"channel"}}}}
	})
}

func checkSlack(d *decoder, at place, _ *Slack) {
	token, webhook, channel := at.has("tokenFrom"), at.has("webhookFrom"), at.has("channel")
	switch {
	case token && webhook:
		d.fail(at.key("webhookFrom"), "tokenFrom and webhookFrom exclude each other", "keep one of them")
	case !token && !webhook:
		d.fail(at, "tokenFrom or webhookFrom is missing", "a bot token with a channel gives threads, a webhook does not")
	case token && !channel:
		d.fail(at, "channel is missing", "a bot token needs one")
	case webhook && channel:
		d.fail(at.key("channel"), "a webhook has its own channel", "delete the channel, or use tokenFrom")
	}
}

func talkShape() shape[Talk] {
	return object(
		field("comments", "Answers commands (/bot help) of people with write access on the bot's pull requests and its dashboard.",
			boolean(), func(t *Talk) *bool { return &t.Comments }).like("false").def(true),
		field("dashboard", "Keeps one issue a repository that says how things stand. Who closes it ends it for that repository.",
			boolean(), func(t *Talk) *bool { return &t.Dashboard }).like("false").def(true),
		field("review", "Gives people's pull requests that touch an application a check run, or with a token a commit status, of what would newly drift.",
			boolean(), func(t *Talk) *bool { return &t.Review }).like("false").def(true),
	)
}

func serverShape() shape[Server] {
	return object(
		field("listen", "Host and port to listen on.", address(), func(s *Server) *string { return &s.Listen }).like(`":8080"`).def("127.0.0.1:8080"),
		field("webhookSecretFrom", "Where the secret is that GitHub signs its webhooks with.",
			source(), func(s *Server) **Source { return &s.WebhookSecretFrom }).like("{env: GITHUB_WEBHOOK_SECRET}").otherwise("no webhooks are taken; comments are looked for on the schedule"),
		field("dashboard", "The pages for people, and who may look at them.",
			pagesShape(), func(s *Server) *Pages { return &s.Dashboard }),
	)
}

func checkRepositories(d *decoder, at place, o *Operator) {
	seen := map[string]int{}
	for i, r := range o.Repositories {
		if r.Name != "" {
			taken(d, seen, strings.TrimSpace(r.Name+" "+r.Branch), i, at.key("repositories").item(i), "the repository %s is listed twice", "a repository and branch have one entry")
		}
	}
}
