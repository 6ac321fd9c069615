package contract

// Bump is the result of bot bump for one application.
type Bump struct {
	// Version of the contract.
	Version int `json:"version" jsonschema:"enum=1"`
	// Application that was moved.
	Application string `json:"application"`
	// From are the versions before, several where they were mixed.
	From List[string] `json:"from"`
	// To is the version after.
	To string `json:"to"`
	// Edits are ordered by file and line; none: everything was at that version.
	Edits List[Edit] `json:"edits"`
	// PullRequest is null where none was asked for.
	PullRequest *PullRequest `json:"pull_request" jsonschema:"nullable"`
}

// Edit is one change of a line.
type Edit struct {
	// File that is changed.
	File string `json:"file"`
	// Line that is changed.
	Line int `json:"line"`
	// Old is what stood there.
	Old string `json:"old"`
	// New is what stands there now.
	New string `json:"new"`
}

// PullRequest is what a command did with one.
type PullRequest struct {
	// Number of it.
	Number int `json:"number"`
	// URL of its page.
	URL string `json:"url"`
	// Action is what was done.
	Action string `json:"action" jsonschema:"enum=opened,enum=updated,enum=unchanged,enum=left"`
}

// NewBump returns a result without edits.
func NewBump() Bump { return Bump{Version: Version, From: List[string]{}, Edits: List[Edit]{}} }
