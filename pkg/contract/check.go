package contract

// Check is the result of bot check: what would be proposed now, and why not more.
type Check struct {
	// Version of the contract.
	Version int `json:"version" jsonschema:"enum=1"`
	// Applications are ordered by name.
	Applications List[CheckApplication] `json:"applications"`
}

// CheckApplication is the outlook of one application.
type CheckApplication struct {
	// Name of the application.
	Name string `json:"name"`
	// On are the versions that it is on, several where they are mixed.
	On List[string] `json:"on"`
	// Proposals are at most one a track.
	Proposals List[Proposal] `json:"proposals"`
	// Held are the newer versions that are not proposed, newest first.
	Held List[Held] `json:"held"`
}

// Proposal is a version to move to.
type Proposal struct {
	// Track is patch or minor.
	Track string `json:"track"`
	// To is the version.
	To string `json:"to"`
	// Security says that it mends a vulnerability.
	Security bool `json:"security"`
}

// Held is a newer version that is not proposed.
type Held struct {
	// Version that is held.
	Version string `json:"version"`
	// Rule that decided, in one word.
	Rule string `json:"rule"`
	// Reason in a sentence.
	Reason string `json:"reason"`
}

// NewCheck returns a result without applications.
func NewCheck() Check { return Check{Version: Version, Applications: List[CheckApplication]{}} }

// NewCheckApplication returns an outlook without versions.
func NewCheckApplication(name string) CheckApplication {
	return CheckApplication{Name: name, On: List[string]{}, Proposals: List[Proposal]{}, Held: List[Held]{}}
}
