package contract

// Drift is the result of bot drift: what is not as the release assumes.
type Drift struct {
	// Version of the contract.
	Version int `json:"version" jsonschema:"enum=1"`
	// Findings are ordered by severity, file and line.
	Findings List[Finding] `json:"findings"`
}

// Finding is one drift with its evidence.
type Finding struct {
	// Check that found it.
	Check string `json:"check"`
	// Severity of it.
	Severity string `json:"severity" jsonschema:"enum=error,enum=warning,enum=info"`
	// Application that it is about; empty: none.
	Application string `json:"application"`
	// Components that it is about.
	Components List[string] `json:"components"`
	// File that shows it; empty: it is not in a file.
	File string `json:"file"`
	// Line that shows it; 0: the file as a whole.
	Line int `json:"line"`
	// Message says what is wrong.
	Message string `json:"message"`
	// Expected is what should be there.
	Expected string `json:"expected"`
	// Actual is what is there.
	Actual string `json:"actual"`
	// Fix is a sentence that says what to do.
	Fix string `json:"fix"`
	// Related are other places to look at.
	Related List[Location] `json:"related"`
}

// Location is a line of a file.
type Location struct {
	// File of it.
	File string `json:"file"`
	// Line of it; 0: the file as a whole.
	Line int `json:"line"`
}

// NewDrift returns a result without findings.
func NewDrift() Drift { return Drift{Version: Version, Findings: List[Finding]{}} }

// NewFinding returns a finding without evidence.
func NewFinding(check, severity string) Finding {
	return Finding{Check: check, Severity: severity, Components: List[string]{}, Related: List[Location]{}}
}
