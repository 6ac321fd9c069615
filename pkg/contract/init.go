package contract

// Init is the result of bot init: what was found in a repository, and what became of its configuration.
type Init struct {
	// Version of the contract.
	Version int `json:"version" jsonschema:"enum=1"`
	// File is the name of the configuration.
	File string `json:"file"`
	// Action is what was done about it: written to the folder; a pull request opened, updated, unchanged, left to a person who
	// committed to its branch, or declined before; exists: there is one already; none: a dry run.
	Action string `json:"action" jsonschema:"enum=written,enum=opened,enum=updated,enum=unchanged,enum=left,enum=declined,enum=exists,enum=none"`
	// Content is a configuration that means the defaults; empty where one exists.
	Content string `json:"content"`
	// PullRequest is null where there is none.
	PullRequest *PullRequest `json:"pull_request" jsonschema:"nullable"`
	// Applications are ordered by name.
	Applications List[InitApplication] `json:"applications"`
	// References are ordered by file, line and column.
	References List[Reference] `json:"references"`
	// Problems are places that cannot be read or decided.
	Problems List[Problem] `json:"problems"`
	// Objects are what an upgrade relies on beside the references.
	Objects List[InitObject] `json:"objects"`
	// Rivals are the other updaters that the repository is set up for.
	Rivals List[Rival] `json:"rivals"`
	// Unanswered says why nothing is known of releases; empty: it is known, or nobody was to be asked.
	Unanswered string `json:"unanswered"`
}

// InitApplication is one application as it was found.
type InitApplication struct {
	// Name of the application.
	Name string `json:"name"`
	// Roots are the folders that are applied.
	Roots List[string] `json:"roots"`
	// Images that make one release, web first.
	Images List[string] `json:"images"`
	// On are the versions that it is on, several where they are mixed.
	On List[string] `json:"on"`
	// Mixed says that its references do not all name one version.
	Mixed bool `json:"mixed"`
	// Notes are the Markdown files that move with it.
	Notes List[string] `json:"notes"`
	// Engine that applies it: argocd, flux or unknown.
	Engine string `json:"engine"`
	// Proposals are what would be proposed now.
	Proposals List[Proposal] `json:"proposals"`
	// Held are the newer versions that would not be, newest first.
	Held List[Held] `json:"held"`
}

// InitObject is an object of the repository that an upgrade relies on.
type InitObject struct {
	// Application that it belongs to.
	Application string `json:"application"`
	// Purpose is what it is for.
	Purpose string `json:"purpose" jsonschema:"enum=migrate,enum=backup,enum=database,enum=pooler"`
	// Kind of the object.
	Kind string `json:"kind"`
	// Name of the object.
	Name string `json:"name"`
	// File that it stands in.
	File string `json:"file"`
	// Line that it begins in.
	Line int `json:"line"`
	// Detail is half a sentence about it.
	Detail string `json:"detail"`
}

// Rival is another updater that the repository is set up for.
type Rival struct {
	// Updater is its name.
	Updater string `json:"updater" jsonschema:"enum=renovate,enum=dependabot,enum=flux,enum=keel,enum=argocd-image-updater"`
	// File of its configuration.
	File string `json:"file"`
	// Line of what decides.
	Line int `json:"line"`
	// Verdict is what it does with the images: it moves them; a rule misses them, and so it does; it is unknown; it is set up
	// for other things; it is told to leave them alone.
	Verdict string `json:"verdict" jsonschema:"enum=moves,enum=misses,enum=unknown,enum=apart,enum=excluded"`
	// Images that it moves, or may.
	Images List[string] `json:"images"`
	// Message is the reason of the verdict.
	Message string `json:"message"`
	// Where says what to do with the snippet.
	Where string `json:"where"`
	// Snippet keeps it off the images; empty: there is nothing to write.
	Snippet string `json:"snippet"`
}

// NewInit returns a result that found nothing.
func NewInit() Init {
	return Init{
		Version: Version, Action: "none", Applications: List[InitApplication]{}, References: List[Reference]{}, Problems: List[Problem]{},
		Objects: List[InitObject]{}, Rivals: List[Rival]{},
	}
}

// NewInitApplication returns an application of which nothing is known.
func NewInitApplication(name string) InitApplication {
	return InitApplication{
		Name: name, Roots: List[string]{}, Images: List[string]{}, On: List[string]{}, Notes: List[string]{},
		Proposals: List[Proposal]{}, Held: List[Held]{},
	}
}
