package contract

// Scan is the result of bot scan: every place that names an image.
type Scan struct {
	// Version of the contract.
	Version int `json:"version" jsonschema:"enum=1"`
	// References are ordered by file, line and column.
	References List[Reference] `json:"references"`
	// Problems are places that cannot be read or decided.
	Problems List[Problem] `json:"problems"`
}

// Reference is one place that names an image.
type Reference struct {
	// File that names it.
	File string `json:"file"`
	// Line of the version itself; of the tag where the image is split over several places.
	Line int `json:"line"`
	// Column of the version itself, in Unicode code points.
	Column int `json:"column"`
	// Form says what kind of place it is: container, kustomize-image, markdown and so on.
	Form string `json:"form"`
	// Image without tag and digest. For a name, a label or a mention in Markdown it is the family's web image.
	Image string `json:"image"`
	// Tag as it stands there; empty: none.
	Tag string `json:"tag"`
	// Digest as it stands there; empty: none.
	Digest string `json:"digest"`
	// Components that run this reference: web, sidekiq, streaming, migrate, job.
	Components List[string] `json:"components"`
	// Application that it belongs to; empty: none decides it.
	Application string `json:"application"`
}

// Problem is something about a file that a person has to look at.
type Problem struct {
	// File that has it.
	File string `json:"file"`
	// Line of it; 0: the file as a whole.
	Line int `json:"line"`
	// Message says what is wrong and what to do.
	Message string `json:"message"`
}

// NewScan returns an empty result.
func NewScan() Scan {
	return Scan{Version: Version, References: List[Reference]{}, Problems: List[Problem]{}}
}
