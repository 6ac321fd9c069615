package status

import "time"

// Proposal is a release that a pass proposes.
type Proposal struct {
	// Track is patch or minor.
	Track string
	To    string
	// Security tells that it mends a vulnerability.
	Security bool
	// Why is a sentence.
	Why string
	// Verdict is the one of the migration notes; Notes are they, in Markdown
	// that pings nobody; "": they were not made.
	Verdict string
	Notes   string
}

// Pull is an open pull request of the program.
type Pull struct {
	Number int
	URL    string
	Title  string
	Track  string
	// From and To are the versions that it says it moves between.
	From, To string
	// Security tells that it mends a vulnerability.
	Security bool
	Draft    bool
	Opened   time.Time
	// Left is the commit of a person for which the branch is left as it is;
	// "": there is none.
	Left string
	// Waits is why the policy does not merge it yet; "" where it merges nothing.
	Waits string
}
