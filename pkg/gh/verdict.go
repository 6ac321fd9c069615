package gh

import (
	"context"
	"strings"

	"github.com/google/go-github/v62/github"
)

// Conclusion is what a verdict comes to.
type Conclusion string

// The conclusions. Neutral neither passes nor fails.
const (
	Success Conclusion = "success"
	Failure Conclusion = "failure"
	Neutral Conclusion = "neutral"
)

// Level is how bad an annotation is.
type Level string

// The levels, in the words of the API.
const (
	NoticeLevel  Level = "notice"
	WarningLevel Level = "warning"
	FailureLevel Level = "failure"
)

// Annotation is what a verdict says of a line.
type Annotation struct {
	Path string
	// Line counts from 1.
	Line           int
	Level          Level
	Title, Message string
}

// Verdict is what the program says of one commit.
type Verdict struct {
	SHA  string
	Name string
	Conclusion
	// Title is one line; Summary is Markdown in which text of strangers has
	// passed Inert.
	Title, Summary string
	Annotations    []Annotation
	// ID tells this verdict from another one of the same commit.
	ID string
	// URL leads to more; "": nowhere.
	URL string
}

// MaxAnnotations is how many GitHub takes with one request, and how many of a
// verdict are sent.
const MaxAnnotations = 50

// maxDescription is GitHub's limit for a commit status, in characters.
const maxDescription = 140

// Report gives a commit a verdict, once: as a check run with annotations where
// the token is an App's, else as a commit status, which has only a title. One
// with the same ID that is there already stays; another one of the same name
// is replaced. It tells whether it changed anything.
func (c *Client) Report(ctx context.Context, repo string, v Verdict) (bool, error) {
	me, err := c.me(ctx)
	if err != nil {
		return false, err
	}

	unlock, err := c.lock(ctx)
	if err != nil {
		return false, err
	}
	defer unlock()

	if me.login == "" {
		return c.checkRun(ctx, repo, v)
	}

	return c.status(ctx, repo, v)
}

func (c *Client) checkRun(ctx context.Context, repo string, v Verdict) (bool, error) {
	owner, name, err := split(repo)
	if err != nil {
		return false, err
	}

	o := operation{"read the check runs of " + v.SHA, repo, "checks: read"}

	found, _, err := call(ctx, c, o, func(ctx context.Context) (*github.ListCheckRunsResults, *github.Response, error) {
		return c.api.Checks.ListCheckRunsForRef(ctx, owner, name, v.SHA, &github.ListCheckRunsOptions{CheckName: &v.Name})
	})
	if err != nil {
		return false, err
	}

	for _, run := range found.CheckRuns {
		if run.GetExternalID() == v.ID {
			return false, nil // an older one with other findings was made anew
		}
	}

	o = operation{"create a check run on " + v.SHA, repo, "checks: write"}

	// A new one of the same name takes the place of the old: annotations of
	// one that is changed would add up.
	err = c.change(ctx, "github.create-check-run", repo+" "+v.SHA, func(ctx context.Context) error {
		_, _, err := call(ctx, c, o, func(ctx context.Context) (*github.CheckRun, *github.Response, error) {
			return c.api.Checks.CreateCheckRun(ctx, owner, name, v.options())
		})

		return err
	})

	return err == nil, err
}

func (v Verdict) options() github.CreateCheckRunOptions {
	options := github.CreateCheckRunOptions{
		Name: v.Name, HeadSHA: v.SHA, ExternalID: &v.ID, Status: new("completed"), Conclusion: new(string(v.Conclusion)),
		Output: &github.CheckRunOutput{Title: &v.Title, Summary: &v.Summary},
	}

	if v.URL != "" {
		options.DetailsURL = &v.URL
	}

	for _, a := range v.Annotations[:min(len(v.Annotations), MaxAnnotations)] {
		options.Output.Annotations = append(options.Output.Annotations, &github.CheckRunAnnotation{
			Path: &a.Path, StartLine: &a.Line, EndLine: &a.Line, AnnotationLevel: new(string(a.Level)), Title: &a.Title, Message: &a.Message,
		})
	}

	return options
}

func (c *Client) status(ctx context.Context, repo string, v Verdict) (bool, error) {
	owner, name, err := split(repo)
	if err != nil {
		return false, err
	}

	state, description := "success", shorten(v.Title, maxDescription)
	if v.Conclusion == Failure {
		state = "failure"
	}

	o := operation{"read the statuses of " + v.SHA, repo, "commit statuses: read"}

	known, _, err := call(ctx, c, o, func(ctx context.Context) (*github.CombinedStatus, *github.Response, error) {
		return c.api.Repositories.GetCombinedStatus(ctx, owner, name, v.SHA, &github.ListOptions{PerPage: pageSize})
	})
	if err != nil {
		return false, err
	}

	for _, s := range known.Statuses {
		if s.GetContext() == v.Name && s.GetState() == state && s.GetDescription() == description {
			return false, nil
		}
	}

	o = operation{"set a status of " + v.SHA, repo, "commit statuses: write"}
	asked := &github.RepoStatus{State: &state, Description: &description, Context: &v.Name}

	if v.URL != "" {
		asked.TargetURL = &v.URL
	}

	err = c.change(ctx, "github.create-status", repo+" "+v.SHA, func(ctx context.Context) error {
		_, _, err := call(ctx, c, o, func(ctx context.Context) (*github.RepoStatus, *github.Response, error) {
			return c.api.Repositories.CreateStatus(ctx, owner, name, v.SHA, asked)
		})

		return err
	})

	return err == nil, err
}

func shorten(s string, most int) string {
	runes := []rune(s)
	if len(runes) <= most {
		return s
	}

	return strings.TrimRight(string(runes[:most-1]), " ") + "…"
}
