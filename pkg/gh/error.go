package gh

import (
	"fmt"
	"strings"
	"time"
)

// Error is why GitHub did not do what was asked.
type Error struct {
	// Op is what was asked for, as "create pull request".
	Op string
	// Repo is the repository it was asked of; empty where none was.
	Repo string
	// Status is GitHub's HTTP status; 0 where no answer came.
	Status int
	// Permission is what a token needs for it, as "pull requests: write".
	// Empty where the token was not the cause.
	Permission string
	// Message is what GitHub said, without secrets, in one bounded line.
	Message string
	// Temporary: the same request can succeed later.
	Temporary bool
	// RetryAfter is how long to wait before; 0 where GitHub named no time.
	RetryAfter time.Duration

	cause error
	limit bool // a rate limit refused it, so nothing happened
	clash bool // validation failed for the whole, not for a field

	graphql bool // GraphQL's own refusal, in an answer of 200
}

// Error is one sentence with the remedy, where there is one.
func (e *Error) Error() string {
	var b strings.Builder

	b.WriteString("github: " + e.Op)

	if e.Repo != "" {
		b.WriteString(" in " + e.Repo)
	}

	b.WriteString(": ")

	if e.Status != 0 {
		fmt.Fprintf(&b, "%d ", e.Status)
	}

	b.WriteString(e.Message)

	if e.Permission != "" {
		fmt.Fprintf(&b, "; the token needs %q", e.Permission)

		if e.Repo != "" {
			b.WriteString(" on " + e.Repo)
		}
	}

	if e.RetryAfter > 0 {
		fmt.Fprintf(&b, "; try again in %s", e.RetryAfter.Round(time.Second))
	}

	return b.String()
}

// Unwrap is the context's own error, if one was the cause.
func (e *Error) Unwrap() error { return e.cause }

// accepted reads GitHub's X-Accepted-GitHub-Permissions header: sets of
// permissions parted by ";", of which one suffices, each of permissions parted
// by ",", of which all are needed. "issues=write; pull_requests=write" becomes
// "issues: write or pull requests: write".
func accepted(header string) string {
	var sets []string

	for set := range strings.SplitSeq(header, ";") {
		var all []string

		for permission := range strings.SplitSeq(set, ",") {
			name, access, ok := strings.Cut(strings.TrimSpace(permission), "=")
			if ok && name != "" {
				all = append(all, strings.ReplaceAll(name, "_", " ")+": "+access)
			}
		}

		if len(all) > 0 {
			sets = append(sets, strings.Join(all, " and "))
		}
	}

	return strings.Join(sets, " or ")
}
