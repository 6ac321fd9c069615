package repo

import (
	"errors"
	"fmt"
	"time"
)

var (
	// ErrUnchanged is what Commit answers when the changes leave every file as
	// it is: there is nothing to commit.
	ErrUnchanged = errors.New("the changes leave every file as it is")
	// ErrSymlink is why a symbolic link is neither followed nor written.
	ErrSymlink = errors.New("is a symbolic link, and those are not followed")
	// ErrSubmodule is why a submodule has no content here.
	ErrSubmodule = errors.New("is a submodule, whose content is in another repository")
	// ErrIrregular is why a device, a socket or a pipe is not opened.
	ErrIrregular = errors.New("is neither a file nor a folder")
)

// BranchError tells that the repository has no such branch.
type BranchError struct {
	// Repository is the URL without credentials.
	Repository, Branch string
}

func (e *BranchError) Error() string {
	return fmt.Sprintf("%s has no branch %s", e.Repository, e.Branch)
}

// AccessError tells that the repository does not exist, or not for us.
// Trying again does not help.
type AccessError struct {
	Repository string
	// Permission is what it takes: "contents: read" or "contents: write".
	Permission string
	// Missing tells that there is no such repository, as far as we may know:
	// forges answer the same for one that we must not see.
	Missing bool
	// Anonymous tells that no credentials were sent.
	Anonymous bool
	// Reason is what the server said, in one line. May be empty.
	Reason string
	// Err is the cause. May be nil.
	Err error
}

func (e *AccessError) Error() string {
	text := "the token or key was refused"

	switch {
	case e.Missing && e.Anonymous:
		text = "there is no such repository, or it is private and no token was given"
	case e.Missing:
		text = "there is no such repository, or the token or key may not see it"
	case e.Anonymous:
		text = "no token was given"
	}

	text = fmt.Sprintf("%s: %s: it needs the permission %q", e.Repository, text, e.Permission)
	if e.Reason != "" {
		text += fmt.Sprintf(" (the server says: %s)", e.Reason)
	}

	return text
}

func (e *AccessError) Unwrap() error { return e.Err }

// LeaseError tells that a reference is not what the caller last saw: somebody
// else moved it. Nothing was changed.
type LeaseError struct {
	Repository, Ref string
	// Want is the lease, Have what stands there; "" means that it does not exist.
	Want, Have string
}

func (e *LeaseError) Error() string {
	return fmt.Sprintf("%s: %s is at %s and was expected at %s: somebody else moved it, and nothing was changed",
		e.Repository, e.Ref, orNothing(e.Have), orNothing(e.Want))
}

func orNothing(hash string) string {
	if hash == "" {
		return "nothing"
	}

	return hash
}

// RejectedError tells that the server refused a push by its own rules: a
// protected branch, a hook. Trying again does not help.
type RejectedError struct {
	Repository, Ref string
	// Reason is what the server said, in one line.
	Reason string
}

func (e *RejectedError) Error() string {
	return fmt.Sprintf("%s: the server refused the push to %s: %s", e.Repository, e.Ref, e.Reason)
}

// NetworkError tells that the server could not be reached, or not understood.
type NetworkError struct {
	// Op is what was being done: "fetch", "push".
	Op, Repository string
	// Status is the HTTP status, 0 when there was none.
	Status int
	// RetryAfter is how long the server asks to wait, 0 when it did not.
	RetryAfter time.Duration
	// Temporary tells that trying again later may help.
	Temporary bool
	Err       error
}

func (e *NetworkError) Error() string {
	if e.Status != 0 {
		return fmt.Sprintf("%s %s: the server answered %d: %v", e.Op, e.Repository, e.Status, e.Err)
	}

	return fmt.Sprintf("%s %s: %v", e.Op, e.Repository, e.Err)
}

func (e *NetworkError) Unwrap() error { return e.Err }

// ChangeError tells why a change cannot be made. No file was changed.
type ChangeError struct{ Path, Reason string }

func (e *ChangeError) Error() string { return fmt.Sprintf("%s: %s", e.Path, e.Reason) }

// LargeFileError tells that a file is larger than what is fetched.
type LargeFileError struct {
	Path string
	// Limit is Options.MaxBlob, and in a folder 64 MiB.
	Limit int64
}

func (e *LargeFileError) Error() string {
	return fmt.Sprintf("%s: larger than %d bytes, which is not read", e.Path, e.Limit)
}
