package status

// Severity is how bad a finding is: error, warning or info.
type Severity string

// The severities.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
	Info    Severity = "info"
)

// Severities are all of them, the worst first.
func Severities() []Severity { return []Severity{Error, Warning, Info} }

// Finding is one drift.
type Finding struct {
	Check    string
	Severity Severity
	// File is relative to the repository; "" for what is outside of it. Line
	// counts from 1; 0: the whole file.
	File string
	Line int
	// Message says what, Fix what to do; each is a sentence.
	Message, Fix string
}
