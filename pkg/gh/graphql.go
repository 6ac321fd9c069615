package gh

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/google/go-github/v62/github"
)

// What GitHub's REST API cannot do: https://docs.github.com/en/graphql/reference/mutations
const (
	readyMutation = `mutation($id: ID!) {
  markPullRequestReadyForReview(input: {pullRequestId: $id}) { pullRequest { isDraft } }
}`
	autoMergeMutation = `mutation($id: ID!, $head: GitObjectID!, $method: PullRequestMergeMethod!) {
  enablePullRequestAutoMerge(input: {pullRequestId: $id, expectedHeadOid: $head, mergeMethod: $method}) { pullRequest { number } }
}`
	noAutoMergeMutation = `mutation($id: ID!) {
  disablePullRequestAutoMerge(input: {pullRequestId: $id}) { pullRequest { number } }
}`
)

// Ready makes a draft ready for review, unless it ever was: then a person made
// it a draft again, and that stands. It tells whether it is ready now.
func (c *Client) Ready(ctx context.Context, repo string, pr PullRequest) (bool, error) {
	if !pr.Draft {
		return true, nil
	}

	unlock, err := c.lock(ctx)
	if err != nil {
		return false, err
	}
	defer unlock()

	was, err := c.wasReady(ctx, repo, pr.Number)
	if err != nil || was {
		return false, err
	}

	o := operation{fmt.Sprintf("mark #%d ready for review", pr.Number), repo, needsWrite}
	err = c.mutate(ctx, "github.ready-for-review", o, pr, readyMutation, map[string]any{"id": pr.NodeID})

	return err == nil, err
}

func (c *Client) wasReady(ctx context.Context, repo string, number int) (bool, error) {
	events, err := c.events(ctx, repo, number)

	for _, e := range events {
		if e.GetEvent() == "ready_for_review" {
			return true, nil
		}
	}

	return false, err
}

// AutoMerge lets GitHub merge a pull request as soon as the rules of its base
// branch are met, and only while its head is the one that pr names. What the
// repository does not allow, or what could be merged at once, is a
// *RefusedError.
func (c *Client) AutoMerge(ctx context.Context, repo string, pr PullRequest, method Method) error {
	unlock, err := c.lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()

	o := operation{fmt.Sprintf("let GitHub merge #%d", pr.Number), repo, "contents: write and pull requests: write"}

	return c.mutate(ctx, "github.auto-merge", o, pr, autoMergeMutation, map[string]any{
		"id": pr.NodeID, "head": pr.Head.SHA, "method": strings.ToUpper(string(method)),
	})
}

// NoAutoMerge takes that back.
func (c *Client) NoAutoMerge(ctx context.Context, repo string, pr PullRequest) error {
	unlock, err := c.lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()

	o := operation{fmt.Sprintf("keep GitHub from merging #%d", pr.Number), repo, needsWrite}

	return c.mutate(ctx, "github.no-auto-merge", o, pr, noAutoMergeMutation, map[string]any{"id": pr.NodeID})
}

// mutate performs one mutation as one effect.
func (c *Client) mutate(ctx context.Context, kind string, o operation, pr PullRequest, query string, variables map[string]any) error {
	return c.change(ctx, kind, fmt.Sprintf("%s#%d", o.repo, pr.Number), func(ctx context.Context) error {
		_, _, err := call(ctx, c, o, func(ctx context.Context) (struct{}, *github.Response, error) {
			resp, err := c.graphql(ctx, query, variables)

			return struct{}{}, resp, err
		})
		if answer, ok := errors.AsType[*Error](err); ok && answer.graphql {
			return &RefusedError{Number: pr.Number, Message: answer.Message}
		}

		return err
	})
}

// graphqlAnswer is what is read of an answer. GitHub refuses with 200.
type graphqlAnswer struct {
	Errors []struct {
		Type    string `json:"type"`
		Message string `json:"message"`
	} `json:"errors"`
}

// graphqlRequest is one query. An Enterprise Server has GraphQL beside its REST
// API, not below it.
func (c *Client) graphqlRequest(query string, variables map[string]any) (*http.Request, error) {
	path := "graphql"
	if c.api.BaseURL.Path != "/" {
		path = "../graphql"
	}

	asked := map[string]any{"query": query}
	if variables != nil {
		asked["variables"] = variables
	}

	return c.api.NewRequest(http.MethodPost, path, asked)
}

// graphql sends one query.
func (c *Client) graphql(ctx context.Context, query string, variables map[string]any) (*github.Response, error) {
	req, err := c.graphqlRequest(query, variables)
	if err != nil {
		return nil, err
	}

	var answer graphqlAnswer

	resp, err := c.api.Do(ctx, req, &answer)
	if err != nil || len(answer.Errors) == 0 {
		return resp, err
	}

	refusal := answer.Errors[0]
	if refusal.Type == "FORBIDDEN" || refusal.Type == "INSUFFICIENT_SCOPES" {
		return resp, &Error{Status: http.StatusForbidden, Message: refusal.Message}
	}

	return resp, &Error{Status: resp.StatusCode, Message: refusal.Message, graphql: true}
}
