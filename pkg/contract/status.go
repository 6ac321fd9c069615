package contract

// Status is the result of bot status: what is known of each repository.
type Status struct {
	// Version of the contract.
	Version int `json:"version" jsonschema:"enum=1"`
	// Repositories are in the order of the operator's file.
	Repositories List[StatusRepository] `json:"repositories"`
}

// StatusRepository is one repository.
type StatusRepository struct {
	// Name as owner/name.
	Name string `json:"name"`
	// Branch that pull requests go to, and the commit at its head.
	Branch string `json:"branch"`
	// Commit at the head of the branch.
	Commit string `json:"commit"`
	// Applications are ordered by name.
	Applications List[StatusApplication] `json:"applications"`
	// Problems are the places that name an image and could not be read.
	Problems List[Problem] `json:"problems"`
	// Error is why the repository could not be read; empty otherwise.
	Error string `json:"error"`
}

// StatusApplication is one application.
type StatusApplication struct {
	// Name of the application.
	Name string `json:"name"`
	// On are the versions that it is on, several where they are mixed.
	On List[string] `json:"on"`
	// Newest is the newest complete release of its channel; empty where none is known.
	Newest string `json:"newest"`
	// Components is the version matrix.
	Components List[StatusComponent] `json:"components"`
	// Proposals are at most one a track.
	Proposals List[Proposal] `json:"proposals"`
	// PullRequests are those that are open.
	PullRequests List[StatusPullRequest] `json:"pull_requests"`
	// Held are the newer versions that are not proposed, newest first.
	Held List[Held] `json:"held"`
	// Security are the security releases that are out and not in use, the one that waits longest first.
	Security List[StatusSecurity] `json:"security"`
	// Findings are what drifts, the worst first.
	Findings List[StatusFinding] `json:"findings"`
	// Due are the post-deployment migrations that are to be run.
	Due List[string] `json:"due"`
	// Error is why the application could not be served; empty otherwise.
	Error string `json:"error"`
}

// StatusComponent is one component with one image.
type StatusComponent struct {
	// Component is web, sidekiq, streaming, migrate or job.
	Component string `json:"component"`
	// Image without a tag.
	Image string `json:"image"`
	// Repository are the tags that the branch names.
	Repository List[string] `json:"repository"`
	// Registry is the newest release of the channel that the image has.
	Registry string `json:"registry"`
	// Cluster are the tags that run; null where the cluster was not asked.
	Cluster *List[string] `json:"cluster"`
}

// StatusPullRequest is an open pull request of the bot.
type StatusPullRequest struct {
	// Number of the pull request.
	Number int `json:"number"`
	// URL of its page.
	URL string `json:"url"`
	// Track is patch or minor.
	Track string `json:"track"`
	// To is the version.
	To string `json:"to"`
	// Security says that it mends a vulnerability.
	Security bool `json:"security"`
	// Opened is when, in RFC 3339.
	Opened string `json:"opened"`
}

// StatusSecurity is a security release that is out and not in use.
type StatusSecurity struct {
	// Version of the release.
	Version string `json:"version"`
	// Since is when it came out, in RFC 3339; empty where that is not known.
	Since string `json:"since"`
	// PullRequest that goes to it or beyond; 0 where none is open.
	PullRequest int `json:"pull_request"`
}

// StatusFinding is one drift.
type StatusFinding struct {
	// Check that found it.
	Check string `json:"check"`
	// Severity is error, warning or info.
	Severity string `json:"severity"`
	// File is relative to the repository.
	File string `json:"file"`
	// Line counts from 1; 0 is the whole file.
	Line int `json:"line"`
	// Message is a sentence.
	Message string `json:"message"`
}

// NewStatus returns a result without repositories.
func NewStatus() Status { return Status{Version: Version, Repositories: List[StatusRepository]{}} }
