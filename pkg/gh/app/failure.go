package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"unicode"

	"github.com/bradleyfalzon/ghinstallation/v2"
	"github.com/google/go-github/v62/github"

	"github.com/goingdark-social/bot/pkg/gh"
)

const op = "authenticate as a GitHub App"

func failure(message, repository string, status int) *gh.Error {
	return &gh.Error{
		Op: op, Repo: repository, Status: status, Message: message,
		Temporary: status == http.StatusTooManyRequests || status >= http.StatusInternalServerError,
	}
}

// uninstalled tells whether an installation that was known is gone.
func uninstalled(err error) bool {
	e, ok := errors.AsType[*gh.Error](err)

	return ok && (e.Status == http.StatusNotFound || e.Status == http.StatusForbidden)
}

// lookupFailure judges why no installation was found.
func lookupFailure(ctx context.Context, repository string, err error) error {
	answer, ok := errors.AsType[*github.ErrorResponse](err)
	if !ok {
		return unanswered(ctx, repository, err)
	}

	return refused(repository, answer.Response.StatusCode, answer.Message,
		"the App is not installed there: install it on the repository, or add the repository to its installation")
}

// tokenFailure judges why there is no token.
func tokenFailure(ctx context.Context, repository string, err error) error {
	answer, ok := errors.AsType[*ghinstallation.HTTPError](err)
	if !ok || answer.Response == nil {
		return unanswered(ctx, repository, err)
	}

	defer answer.Response.Body.Close()

	return refused(repository, answer.Response.StatusCode, said(answer.Response.Body), "the App's installation is gone: was it uninstalled?")
}

// refused is GitHub's no in words that help.
func refused(repository string, status int, message, notFound string) *gh.Error {
	message = printable(message)

	switch status {
	case http.StatusUnauthorized:
		message = "GitHub does not accept the App's key: check its id, its private key, and this machine's clock (" + message + ")"
	case http.StatusNotFound:
		message = notFound
	case http.StatusForbidden:
		message = "the App's installation may not: is it suspended? (" + message + ")"
	}

	return failure(message, repository, status)
}

// unanswered is a failure of the way, or of this side.
func unanswered(ctx context.Context, repository string, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("github: %s in %s: %w", op, repository, context.Cause(ctx))
	}

	e := failure(printable(err.Error()), repository, 0)
	e.Temporary = true

	return e
}

// said is GitHub's message in the body of a refusal.
func said(body io.Reader) string {
	var answer struct {
		Message string `json:"message"`
	}

	if json.NewDecoder(body).Decode(&answer) != nil { // HTML of a proxy: the status says enough
		return "no reason given"
	}

	return answer.Message
}

const maxMessage = 300

// printable is one bounded line without control characters.
func printable(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return ' '
		}

		return r
	}, s)

	if runes := []rune(s); len(runes) > maxMessage {
		s = string(runes[:maxMessage]) + "…"
	}

	return strings.TrimSpace(s)
}
