package gh

import (
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strings"

	"github.com/google/go-github/v62/github"

	"github.com/goingdark-social/bot/internal/lazyre"
)

// Delivery is a webhook that GitHub signed.
type Delivery struct {
	// ID tells it from every other one.
	ID string
	// Event is what happened, as "issue_comment".
	Event string
	// Repository is where, "owner/name"; empty where nothing happened that
	// concerns the program: of its own doing, or of a kind that changes nothing.
	Repository string
}

// HookError is a webhook that is refused.
type HookError struct {
	// Status is what is answered.
	Status int
	// Message holds nothing that was sent.
	Message string
	cause   error
}

func (e *HookError) Error() string { return "github: webhook: " + e.Message }
func (e *HookError) Unwrap() error { return e.cause }

var (
	deliveryID = lazyre.New(`^[A-Za-z0-9-]{1,64}$`)
	eventName  = lazyre.New(`^[a-z0-9_]{1,64}$`)
)

// Hook reads a webhook that was signed with a secret. The signature is
// SHA-256's, and compared in constant time; one by SHA-1 alone is none. Nothing
// of the body is looked at before.
func Hook(r *http.Request, secret []byte) (Delivery, error) {
	d := Delivery{ID: r.Header.Get(github.DeliveryIDHeader), Event: github.WebHookType(r)}

	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))

	switch {
	case len(secret) == 0:
		return d, &HookError{Status: http.StatusInternalServerError, Message: "there is no secret to check it with"}
	case err != nil || media != "application/json" && media != "application/x-www-form-urlencoded":
		return d, &HookError{Status: http.StatusUnsupportedMediaType, Message: "it must be application/json"}
	case !strings.HasPrefix(r.Header.Get(github.SHA256SignatureHeader), "sha256="):
		return d, &HookError{Status: http.StatusUnauthorized, Message: "it is not signed"}
	case !deliveryID.MatchString(d.ID) || !eventName.MatchString(d.Event):
		return d, &HookError{Status: http.StatusBadRequest, Message: "it has no id or no event"}
	}

	payload, err := github.ValidatePayload(r, secret)
	if err != nil {
		if _, large := errors.AsType[*http.MaxBytesError](err); large {
			return d, fmt.Errorf("reading a webhook: %w", err)
		}

		return d, &HookError{Status: http.StatusUnauthorized, Message: "its signature is wrong, or it was cut", cause: err}
	}

	if !slices.Contains(heeded, d.Event) {
		return d, nil
	}

	// These few fields alone: GitHub's own examples have times that go-github
	// cannot read.
	var e happened
	if err := json.Unmarshal(payload, &e); err != nil {
		return d, &HookError{Status: http.StatusBadRequest, Message: "it cannot be read", cause: err}
	}

	if e.byOthers(d.Event) {
		d.Repository = e.Repository.FullName
	}

	return d, nil
}

// happened is what is read of any event.
type happened struct {
	Action  string `json:"action"`
	Ref     string `json:"ref"`
	Comment struct {
		Body string `json:"body"`
	} `json:"comment"`
	Sender struct {
		Type string `json:"type"`
	} `json:"sender"`
	Repository struct {
		FullName string `json:"full_name"`
	} `json:"repository"`
}

// heeded are the events after which a pass can come to something else.
var heeded = []string{
	"push", "pull_request", "pull_request_review", "issue_comment", "issues", "check_run", "check_suite", "status", "repository",
}

// Heeded are the events to choose for a webhook.
func Heeded() []string { return slices.Clone(heeded) }

// byOthers tells whether a pass can come to something else after an event: the
// program's own doing changes nothing for it, nor do the doings of an App on
// issues and pull requests, which the schedule sees.
func (e *happened) byOthers(event string) bool {
	robot := e.Sender.Type == "Bot"

	switch event {
	case "push":
		branch, ok := strings.CutPrefix(e.Ref, "refs/heads/")

		return ok && (!robot || !strings.HasPrefix(branch, BranchPrefix))
	case "issue_comment":
		return e.Action != "deleted" && keyOf(e.Comment.Body) == ""
	case "issues", "pull_request":
		return !robot
	case "check_run", "check_suite":
		return e.Action == "completed"
	}

	return true
}
