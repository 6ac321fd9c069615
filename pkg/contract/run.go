package contract

// Run is the result of bot run: one pass over every repository.
type Run struct {
	// Version of the contract.
	Version int `json:"version" jsonschema:"enum=1"`
	// Repositories are in the order of the configuration.
	Repositories List[RunRepository] `json:"repositories"`
}

// RunRepository is the pass over one repository.
type RunRepository struct {
	// Name is owner/name.
	Name string `json:"name"`
	// Applications are ordered by name.
	Applications List[RunApplication] `json:"applications"`
	// Error that ended the pass before any application was reached; empty: none.
	Error string `json:"error"`
}

// RunApplication is the pass over one application.
type RunApplication struct {
	// Name of the application.
	Name string `json:"name"`
	// On are the versions that it is on, several where they are mixed.
	On List[string] `json:"on"`
	// Proposals are at most one a track.
	Proposals List[Proposal] `json:"proposals"`
	// PullRequests are those that the proposals have.
	PullRequests List[RunPullRequest] `json:"pull_requests"`
	// Incomplete are newer releases that lack an image.
	Incomplete List[RunIncomplete] `json:"incomplete"`
	// Held are the newer versions that are not proposed, newest first.
	Held List[Held] `json:"held"`
	// Error that ended the pass over this application; empty: none.
	Error string `json:"error"`
}

// RunPullRequest is a pull request after a pass.
type RunPullRequest struct {
	// Number of it.
	Number int `json:"number"`
	// URL of its page.
	URL string `json:"url"`
	// Action is what was done; left: a person's commits are on its branch.
	Action string `json:"action" jsonschema:"enum=opened,enum=updated,enum=unchanged,enum=left"`
	// Track is patch or minor.
	Track string `json:"track"`
	// To is the version that it moves to.
	To string `json:"to"`
}

// RunIncomplete is a release that lacks an image.
type RunIncomplete struct {
	// Version of the release.
	Version string `json:"version"`
	// Since is when it was first seen to be incomplete (RFC 3339, UTC); empty: not known.
	Since string `json:"since"`
	// Missing is what it lacks.
	Missing List[MissingImage] `json:"missing"`
}

// NewRun returns a result without repositories.
func NewRun() Run { return Run{Version: Version, Repositories: List[RunRepository]{}} }

// NewRunRepository returns a pass without applications.
func NewRunRepository(name string) RunRepository {
	return RunRepository{Name: name, Applications: List[RunApplication]{}}
}

// NewRunApplication returns a pass that did nothing.
func NewRunApplication(name string) RunApplication {
	return RunApplication{
		Name: name, On: List[string]{}, Proposals: List[Proposal]{}, PullRequests: List[RunPullRequest]{},
		Incomplete: List[RunIncomplete]{}, Held: List[Held]{},
	}
}
