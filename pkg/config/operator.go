package config

import "time"

// Operator is what the person who runs the bot says.
type Operator struct {
	// Version is the version of the file's format; 1.
	Version int
	// Repositories to look after, in the order of the file. None: see [Operator.Discovers].
	Repositories []Repository
	// Schedule is a cron expression of five fields. Default: every 30 minutes.
	Schedule string
	// TimeZone of Schedule, and of windows that name none. Default: UTC; never nil.
	TimeZone *time.Location
	// GitHub is how to reach it.
	GitHub GitHub
	// Commits is who makes commits.
	Commits Commits
	// Notify is where notifications go.
	Notify Notify
	// Cluster is where the applications run, for reading; nil: none is asked.
	Cluster *Cluster
	// Database is a Mastodon's, for reading; nil: none is asked.
	Database *Database
	// Talk is how people can talk to the bot on GitHub.
	Talk Talk
	// Server is how the service listens.
	Server Server
	// Fleet is how many repositories are worked through.
	Fleet Fleet
	// Queue is what several replicas share; nil: this process works alone.
	Queue *Queue
	// Cache is a folder for copies of repositories. Empty: below the user's cache.
	Cache string
}

// Repository is one GitOps repository.
type Repository struct {
	// Name is owner/name.
	Name string
	// Branch that pull requests go to. Empty: the repository's default branch.
	Branch string
}

// Commits is who makes commits, and how that is proved.
type Commits struct {
	// Name and Email of author and committer. Email tells the bot's commits from people's. Default: bot,
	// bot@goingdark.social.
	Name, Email string
	// SigningKeyFrom is where a private key without a passphrase is, of SSH (PEM) or OpenPGP (armored), Ed25519 or RSA;
	// nil: commits are not signed.
	SigningKeyFrom *Source
	// Through is how they reach GitHub: made here and pushed, or made by GitHub's API, which then signs them as the App's.
	// Default: git.
	Through string
}

// The values of [Commits.Through].
const (
	ThroughGit = "git"
	ThroughAPI = "api"
)

// GitHub is how to reach GitHub. At most one of TokenFrom and App is set.
type GitHub struct {
	// BaseURL of a GitHub Enterprise Server. Empty: github.com.
	BaseURL string
	// TokenFrom is where the token is.
	TokenFrom *Source
	// App authenticates as an installation of a GitHub App.
	App *App
}

// App is a GitHub App.
type App struct {
	// ID of the app; above 0.
	ID int64
	// Installation of the app. 0: looked up for each repository.
	Installation int64
	// KeyFrom is where the private key (PEM) is.
	KeyFrom Source
}

// Notify is where notifications go.
type Notify struct {
	// Slack; nil: none.
	Slack *Slack
}

// Slack is a channel by bot token, or an incoming webhook. Exactly one of TokenFrom and WebhookFrom is set.
type Slack struct {
	// Channel by name or id; with TokenFrom only (a webhook has its channel).
	Channel string
	// TokenFrom is where the bot token is.
	TokenFrom *Source
	// WebhookFrom is where the URL of the webhook is.
	WebhookFrom *Source
	// SecurityGroup is the id of the user group that security releases mention. Empty: none.
	SecurityGroup string
	// Quiet are the hours in which only security is told, in the operator's time zone; nil: none.
	Quiet *Quiet
}

// Quiet are hours of each day.
type Quiet struct {
	// From and To are the time since midnight. To is before From where midnight lies between.
	From, To time.Duration
}

// Talk is how people can talk to the bot on GitHub.
type Talk struct {
	// Comments lets people with write access command the bot in comments. Default: true.
	Comments bool
	// Dashboard keeps one issue a repository that says how things stand. Default: true.
	Dashboard bool
	// Review judges people's pull requests that touch an application. Default: true.
	Review bool
}

// Server is how the service listens.
type Server struct {
	// WebhookSecretFrom is where the secret is that GitHub signs its webhooks with; nil: none are taken.
	WebhookSecretFrom *Source
	// Listen is host:port. Default: 127.0.0.1:8080.
	Listen string
	// Dashboard is its pages.
	Dashboard Pages
}
