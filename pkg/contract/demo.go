package contract

// Demo is what "bot demo" prints.
type Demo struct {
	// Version of the contract.
	Version int `json:"version" jsonschema:"enum=1"`
	// Application that was played with.
	Application string `json:"application"`
	// From is the version that it was on.
	From string `json:"from"`
	// Acts are the passes in order.
	Acts List[DemoAct] `json:"acts"`
	// PullRequests that are there in the end.
	PullRequests List[DemoPullRequest] `json:"pull_requests"`
	// Messages that were sent to the Slack stand-in.
	Messages List[string] `json:"messages"`
	// Check is what "bot check" prints in the end.
	Check string `json:"check"`
}

// DemoAct is one pass of the program and what went before it.
type DemoAct struct {
	// What happened in the world.
	What string `json:"what"`
	// Command that was run.
	Command string `json:"command"`
	// Output of the command.
	Output string `json:"output"`
}

// DemoPullRequest is a pull request as the GitHub stand-in keeps it.
type DemoPullRequest struct {
	// Number of it.
	Number int `json:"number"`
	// State of it.
	State string `json:"state" jsonschema:"enum=open,enum=closed"`
	// Title of it.
	Title string `json:"title"`
	// Body of it, as Markdown.
	Body string `json:"body"`
	// Branch that it proposes.
	Branch string `json:"branch"`
	// Diff of that branch against the base.
	Diff string `json:"diff"`
}

// NewDemo is a demo that has not begun.
func NewDemo(application, from string) Demo {
	return Demo{
		Version: Version, Application: application, From: from,
		Acts: List[DemoAct]{}, PullRequests: List[DemoPullRequest]{}, Messages: List[string]{},
	}
}
