package contract

// History is the result of bot history: what a branch ran over time. Times are RFC 3339 in UTC.
type History struct {
	// Version of the contract.
	Version int `json:"version" jsonschema:"enum=1"`
	// Applications are ordered by name.
	Applications List[HistoryApplication] `json:"applications"`
}

// HistoryApplication is the story of one application.
type HistoryApplication struct {
	// Name of the application at the newest commit.
	Name string `json:"name"`
	// On are the versions that its components run at the newest commit, several where they are mixed.
	On List[string] `json:"on"`
	// Since is when the history begins; empty: nothing is known of it.
	Since string `json:"since"`
	// Complete is false where the clone is shallow: the application was there before.
	Complete bool `json:"complete"`
	// Upgrades are in the order in which they began.
	Upgrades List[Upgrade] `json:"upgrades"`
	// Mixed are the times in which components were on different versions.
	Mixed List[MixedWindow] `json:"mixed"`
	// Security are the security releases of the line in use on the day that they came out.
	Security List[SecurityWait] `json:"security"`
	// Summary is all of it in numbers.
	Summary HistorySummary `json:"summary"`
}

// Upgrade is a move of an application to another version.
type Upgrade struct {
	// From is the version before.
	From string `json:"from"`
	// To is the version after.
	To string `json:"to"`
	// Released is when it came out; empty: not known.
	Released string `json:"released"`
	// Security says that its changelog has a security section.
	Security bool `json:"security"`
	// Moved is when the first component was moved to it.
	Moved string `json:"moved"`
	// Whole is when all components were; empty: they never were.
	Whole string `json:"whole"`
	// LagSeconds are from the release until all components were on it; -1: not known.
	LagSeconds int `json:"lag_seconds"`
	// Commit that moved the first component.
	Commit string `json:"commit"`
}

// MixedWindow is a time in which components were on different versions.
type MixedWindow struct {
	// From is when it began.
	From string `json:"from"`
	// To is when it ended; empty: it has not.
	To string `json:"to"`
	// Seconds that it lasted, until now where it goes on.
	Seconds int `json:"seconds"`
	// Commit that began it.
	Commit string `json:"commit"`
	// Runs is what ran when it began.
	Runs List[ComponentVersion] `json:"runs"`
}

// ComponentVersion is a component and a version that it runs.
type ComponentVersion struct {
	// Component is web, sidekiq, streaming, migrate or job.
	Component string `json:"component"`
	// Version that it runs.
	Version string `json:"version"`
}

// SecurityWait is a security release and how long the application was without its fixes.
type SecurityWait struct {
	// Version of the release.
	Version string `json:"version"`
	// Advisories that its changelog names.
	Advisories List[string] `json:"advisories"`
	// Released is when it came out.
	Released string `json:"released"`
	// Ran is the oldest version in use then.
	Ran string `json:"ran"`
	// Until is when every component had the fixes; empty: not yet.
	Until string `json:"until"`
	// Into is the version that brought them; empty: none yet.
	Into string `json:"into"`
	// Seconds that it waited, until now where it still does.
	Seconds int `json:"seconds"`
	// Waiting says that it still does.
	Waiting bool `json:"waiting"`
	// Commit that brought the fixes; empty: none yet.
	Commit string `json:"commit"`
}

// HistorySummary is the story of an application in numbers.
type HistorySummary struct {
	// Upgrades that went forward.
	Upgrades int `json:"upgrades"`
	// Dated are those whose release has a known date and that were whole; the lags are theirs.
	Dated int `json:"dated"`
	// MedianLagSeconds from a release until all components were on it.
	MedianLagSeconds int `json:"median_lag_seconds"`
	// LongestLagSeconds of them.
	LongestLagSeconds int `json:"longest_lag_seconds"`
	// Mixed is how often components were on different versions.
	Mixed int `json:"mixed"`
	// MixedSeconds that they were, taken together.
	MixedSeconds int `json:"mixed_seconds"`
	// LongestMixedSeconds of them.
	LongestMixedSeconds int `json:"longest_mixed_seconds"`
	// Security releases that came out for the line in use.
	Security int `json:"security"`
	// Waiting are those that are not in use yet.
	Waiting int `json:"waiting"`
	// MedianWaitSeconds from a security release until its fixes were in use everywhere.
	MedianWaitSeconds int `json:"median_wait_seconds"`
	// LongestWaitSeconds of them.
	LongestWaitSeconds int `json:"longest_wait_seconds"`
}

// NewHistory returns a result without applications.
func NewHistory() History {
	return History{Version: Version, Applications: List[HistoryApplication]{}}
}

// NewHistoryApplication returns a story in which nothing happens.
func NewHistoryApplication(name string) HistoryApplication {
	return HistoryApplication{
		Name: name, On: List[string]{}, Upgrades: List[Upgrade]{}, Mixed: List[MixedWindow]{}, Security: List[SecurityWait]{},
	}
}
