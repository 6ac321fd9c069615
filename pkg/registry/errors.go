package registry

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/google/go-containerregistry/pkg/v1/remote/transport"
)

// ErrNotFound is what a repository, tag or manifest that is not there is in terms of errors.Is.
var ErrNotFound = errors.New("not found")

// ErrDenied is what a refusal for lack of rights is in terms of errors.Is. ghcr.io answers like that for what does not exist as well.
var ErrDenied = errors.New("denied")

// Error says what could not be read and whether it is worth trying again. It holds no token, and of what the server wrote only codes of the
// distribution specification.
type Error struct {
	Op         string        // "list tags", "read manifest", "read config"
	Image      string        // "ghcr.io/glitch-soc/mastodon" or with ":v4.4.3" or "@sha256:…"
	Status     int           // of the HTTP answer; 0: there was none, or it was no error by itself
	Code       string        // the specification's code, "TOOMANYREQUESTS"; "" when the server gave none that is known
	Temporary  bool          // the same question may be answered later
	RetryAfter time.Duration // what the server asked to wait; 0: nothing
	Err        error         // the cause, when it was no HTTP status
}

// Error tells all of it in one line.
func (e *Error) Error() string {
	text := fmt.Sprintf("%s of %s: ", e.Op, e.Image)
	switch {
	case e.Err != nil:
		text += e.Err.Error()
	case e.Code != "":
		text += fmt.Sprintf("%d %s (%s)", e.Status, http.StatusText(e.Status), e.Code)
	default:
		text += fmt.Sprintf("%d %s", e.Status, http.StatusText(e.Status))
	}

	switch {
	case e.denied():
		text += ": the package is private or does not exist; check its name, or give a token that may read packages"
	case e.RetryAfter > 0:
		text += fmt.Sprintf(": the registry asks to wait %s", e.RetryAfter)
	}

	return text
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Is answers for ErrNotFound and ErrDenied.
func (e *Error) Is(target error) bool {
	return target == ErrNotFound && e.Status == http.StatusNotFound || target == ErrDenied && e.denied()
}

func (e *Error) denied() bool {
	return !e.Temporary && (e.Status == http.StatusUnauthorized || e.Status == http.StatusForbidden)
}

// failure is an error that was judged where it happened, without the question that led to it.
type failure struct {
	status     int
	code       string
	temporary  bool
	retryAfter time.Duration
	err        error
}

func (f *failure) Error() string {
	if f.err != nil {
		return f.err.Error()
	}

	return http.StatusText(f.status)
}

func (f *failure) Unwrap() error { return f.err }

// broken is an answer that makes no sense; something between here and the registry may have written it, so it may pass.
func broken(format string, args ...any) error {
	return &failure{temporary: true, err: fmt.Errorf(format, args...)}
}

// refused is an answer that asks for what this client does not do.
func refused(format string, args ...any) error {
	return &failure{err: fmt.Errorf(format, args...)}
}

// explain turns whatever came up into an *Error. Errors of foreign types give their kind, never their text, which may quote a token.
func explain(op, image string, err error) error {
	e := &Error{Op: op, Image: shown(image)}

	if f, ok := errors.AsType[*failure](err); ok {
		e.Status, e.Code, e.Temporary, e.RetryAfter, e.Err = f.status, f.code, f.temporary, f.retryAfter, f.err
	} else if answer, ok := errors.AsType[*transport.Error](err); ok {
		e.Status, e.Code = answer.StatusCode, knownCode(answer.Errors)
		e.Temporary = retryable(e.Status, nil)
	} else {
		switch {
		case errors.Is(err, context.Canceled):
			e.Err = context.Canceled
		case errors.Is(err, context.DeadlineExceeded):
			e.Err, e.Temporary = context.DeadlineExceeded, true
		default:
			e.Err = errors.New("the registry's way of signing in is not understood")
		}
	}

	return e
}
