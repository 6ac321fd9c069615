package repo

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/transport"

	"github.com/goingdark-social/bot/internal/pack"
	"github.com/goingdark-social/bot/internal/wait"
)

const (
	readPermission  = "contents: read"
	writePermission = "contents: write"

	// firstPause is how long reading waits before it is tried again, doubled
	// each time; longestPause is the longest a server may ask for.
	firstPause   = 200 * time.Millisecond
	longestPause = 30 * time.Second
	// maxRaces is how often a reference may move between the question where
	// it is and the one for its content.
	maxRaces = 10
)

// classify is the one place that judges what went wrong on the network.
func (r *Remote) classify(ctx context.Context, op, permission string, auth transport.AuthMethod, w *wire, err error) error {
	if err == nil {
		return nil
	}

	if ours(err) {
		return err
	}

	status, reason, after, stranger := w.last()
	access := &AccessError{Repository: r.address.clean, Permission: permission, Anonymous: auth == nil, Reason: reason}

	switch {
	case stranger != nil:
		return &NetworkError{Op: op, Repository: r.address.clean, Err: hidden(r.options.Veil, stranger)}
	case errors.Is(ctx.Err(), context.Canceled):
		return fmt.Errorf("%s %s: %w", op, r.address.clean, ctx.Err())
	case status == http.StatusTooManyRequests, status == http.StatusForbidden && after > 0, status >= http.StatusInternalServerError:
		return &NetworkError{
			Op: op, Repository: r.address.clean, Status: status, RetryAfter: after, Temporary: true,
			Err: errors.New(first(reason, http.StatusText(status), "an unknown status")),
		}
	case status == http.StatusNotFound, errors.Is(err, transport.ErrRepositoryNotFound):
		access.Missing = true

		return access
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		return access
	case refusedOverSSH(auth, err):
		access.Err, access.Reason = hidden(r.options.Veil, err), say(r.options.Veil, err.Error())

		return access
	case status >= http.StatusMultipleChoices && status < http.StatusBadRequest, is[*tls.CertificateVerificationError](err), is[*pack.ReferencesError](err):
		return &NetworkError{Op: op, Repository: r.address.clean, Err: hidden(r.options.Veil, err)}
	case status >= http.StatusBadRequest:
		return &NetworkError{Op: op, Repository: r.address.clean, Status: status, Err: errors.New(first(reason, http.StatusText(status)))}
	}

	// What is left never got an answer, or only part of one.
	return &NetworkError{Op: op, Repository: r.address.clean, Temporary: true, Err: hidden(r.options.Veil, err)}
}

// ours tells errors that are made here from those of the network.
func ours(err error) bool {
	for _, is := range []bool{
		is[*BranchError](err), is[*LeaseError](err), is[*RejectedError](err), is[*NetworkError](err), is[*AccessError](err), is[*localError](err),
	} {
		if is {
			return true
		}
	}

	return false
}

func is[E error](err error) bool {
	_, ok := errors.AsType[E](err)

	return ok
}

// localError is a failure of this machine amid a conversation: a full disk, a
// broken mirror.
type localError struct{ err error }

func (e *localError) Error() string { return e.err.Error() }
func (e *localError) Unwrap() error { return e.err }

// greetingError is a conversation that failed before the server named its
// references.
type greetingError struct{ err error }

func (e *greetingError) Error() string { return e.err.Error() }
func (e *greetingError) Unwrap() error { return e.err }

// refusedOverSSH tells a server that was reached and would not let us in. SSH
// has no status for that: a known host that asked for a key and then ended the
// conversation in order, or one whose own key is wrong.
func refusedOverSSH(auth transport.AuthMethod, err error) bool {
	a, ok := auth.(*sshAuth)
	if !ok {
		return false
	}

	if is[*hostKeyError](err) {
		return true
	}

	broken := is[net.Error](err) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)

	return a.asked.Load() && is[*greetingError](err) && !broken
}

// again repeats f, which only reads, while it fails for a passing reason.
func (r *Remote) again(ctx context.Context, f func(context.Context) error) error {
	pause, unwanted := firstPause, plumbing.ZeroHash

	for tries, races := r.options.Retries, maxRaces; ; tries-- {
		err := f(ctx)
		network, ok := errors.AsType[*NetworkError](err)

		if u, refused := errors.AsType[*unwantedError](err); refused && ok && network.Status == 0 && u.hash != unwanted && races > 0 {
			unwanted = u.hash // once more for each hash: it may be another one now
			tries++
			races--

			continue
		}

		if !ok || !network.Temporary || tries <= 0 || network.RetryAfter > longestPause || ctx.Err() != nil {
			return err
		}

		r.options.Log.DebugContext(ctx, "trying again", "error", err)

		if wait.For(ctx, max(pause, network.RetryAfter), "git") != nil {
			return err
		}

		pause *= 2
	}
}
