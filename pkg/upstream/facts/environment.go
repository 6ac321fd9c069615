package facts

import "slices"

// Scope is who reads a variable.
type Scope string

// The scopes. Rails and Sidekiq share nearly all code, so most variables have both.
const (
	Rails       Scope = "rails"       // web: Puma and the application
	Sidekiq     Scope = "sidekiq"     // background jobs
	Streaming   Scope = "streaming"   // the Node.js server
	Migrate     Scope = "migrate"     // migrations, seeds and database tasks
	CLI         Scope = "cli"         // tootctl and the tasks an admin runs by hand
	Build       Scope = "build"       // asset and image builds
	Development Scope = "development" // development and its tasks
	Test        Scope = "test"        // specs and test configuration
)

// Runtime says that a serving process (Rails, Sidekiq, streaming) has the scope.
func (s Scope) Runtime() bool { return s == Rails || s == Sidekiq || s == Streaming }

// Abort is when a variable stops the program.
type Abort string

const (
	// AbortSet : the program refuses to start when the variable is set at all.
	AbortSet Abort = "set"
	// AbortMissing : the program refuses to start, or raises, when the variable is missing or empty.
	AbortMissing Abort = "missing"
)

// Variable is one environment variable that the source reads, or a pattern of them.
type Variable struct {
	// Name of the variable, or a glob with * for names the source matches by pattern ("OTEL_*_ENDPOINT").
	Name    string  `json:"name"`
	Pattern bool    `json:"pattern,omitempty"`
	Scopes  []Scope `json:"scopes"` // in the order of the constants
	// Default is what the first place that has a literal default says; nil when none does.
	Default *string `json:"default"`
	// Fallback is the variable that is read when this one is missing.
	Fallback string `json:"fallback,omitempty"`
	// Aborts: the unconditional cases only; empty when there is none.
	Aborts Abort `json:"aborts,omitempty"`
	// Required says that some place reads it with no default and fails without it (ENV.fetch with one argument),
	// conditional or not; AbortMissing implies it.
	Required bool `json:"required,omitempty"`
	// Sample says that .env.production.sample sets or shows it.
	Sample bool   `json:"sample,omitempty"`
	Places []Read `json:"places"` // by file and line
}

// Read is one place that reads a variable.
type Read struct {
	Place
	// Scopes are who runs this line; most of app, config and lib is run by Rails and by Sidekiq.
	Scopes []Scope `json:"scopes"`
}

// Runtime says that Rails, Sidekiq or streaming reads the variable.
func (v *Variable) Runtime() bool { return slices.ContainsFunc(v.Scopes, Scope.Runtime) }

// Has says that the variable is read in scope s.
func (v *Variable) Has(s Scope) bool { return slices.Contains(v.Scopes, s) }

func (v *Variable) normal() {
	fill(&v.Scopes)
	fill(&v.Places)
	for i := range v.Places {
		fill(&v.Places[i].Scopes)
	}
}
