package effect

import "context"

// Effect names one change to the world outside the program.
type Effect struct {
	// Kind is what is done, as room.verb: "git.push", "state.push",
	// "github.create-pull-request", "slack.post", "file.write".
	Kind string
	// Target is what it is done to, fit for a log: a branch, a pull request,
	// a channel. Never a secret, nor a URL that carries one.
	Target string
}

// String is the kind and the target, for logs and test failures.
func (e Effect) String() string {
	if e.Target == "" {
		return e.Kind
	}

	return e.Kind + " " + e.Target
}

// Seam performs effects. Do runs f, which changes what e names, and returns
// its error. An implementation may refuse to run f, or hide that it ran; every
// f must therefore be safe to repeat on the next run.
type Seam interface {
	Do(ctx context.Context, e Effect, f func(context.Context) error) error
}

// Direct runs every effect as it comes. It is what production uses.
type Direct struct{}

// Do runs f.
func (Direct) Do(ctx context.Context, _ Effect, f func(context.Context) error) error {
	return f(ctx)
}

// Or is seam, or Direct where seam is nil, so that a zero Options works.
func Or(seam Seam) Seam {
	if seam == nil {
		return Direct{}
	}

	return seam
}
