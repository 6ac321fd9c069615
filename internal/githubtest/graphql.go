package githubtest

import (
	"net/http"
	"strings"

	"github.com/goingdark-social/bot/internal/lazyre"
)

// autoMerge is somebody's wish that GitHub merges a pull request.
type autoMerge struct{ by, method, head string }

// autoMerge merges what waits for its rules and meets them now.
func (s *Server) autoMerge(r *repository) error {
	for _, i := range r.all() {
		if i.pull == nil || i.closed || i.pull.auto == nil || r.unmergeable(i, i.pull.auto.method) != "" {
			continue
		}

		if err := s.merge(r, i, i.pull.auto.method, i.pull.auto.by); err != nil {
			return err
		}
	}

	return nil
}

// mutationName is the field that a mutation asks for.
var mutationName = lazyre.New(`^mutation[^{]*\{\s*([A-Za-z]+)\(`)

// graphql knows the mutations that REST has no word for. That a query is one of
// GitHub's is checked against its schema elsewhere.
func (c *call) graphql() {
	var asked struct {
		Query     string            `json:"query"`
		Variables map[string]string `json:"variables"`
	}

	if !c.decode(&asked) {
		return
	}

	if c.token == nil {
		c.fail(http.StatusUnauthorized, "This endpoint requires you to be authenticated.")

		return
	}

	name := mutationName.FindStringSubmatch(asked.Query)

	switch {
	case strings.HasPrefix(asked.Query, "query { viewer {"):
		c.viewer()

		return
	case name == nil:
		c.unknown("the query")

		return
	case name[1] == "updateRefs":
		c.updateRefs(asked.Variables)

		return
	}

	i := c.byNode(asked.Variables["id"])
	if i == nil {
		c.refuseGraphQL("NOT_FOUND", "Could not resolve to a node with the global id of '"+asked.Variables["id"]+"'.")

		return
	}

	if kind, why := c.mutate(name[1], i, asked.Variables); why != "" {
		c.refuseGraphQL(kind, why)

		return
	}

	c.ok(http.StatusOK, object{"data": object{name[1]: object{"pullRequest": object{"number": i.number, "isDraft": i.pull.draft}}}})
}

func (c *call) byNode(id string) *issue {
	for _, r := range c.s.repos {
		for _, i := range r.issues {
			if i.pull != nil && nodeID("PR", i.id) == id {
				c.repo = r

				return i
			}
		}
	}

	return nil
}

// mutate does it, or says what kind of refusal there is and why.
func (c *call) mutate(name string, i *issue, variables map[string]string) (kind, why string) {
	switch {
	case !c.has("pull_requests", true):
		return "FORBIDDEN", "Resource not accessible by personal access token"
	case name == "markPullRequestReadyForReview":
		i.pull.draft = false
		c.s.record(i, "ready_for_review", c.token.Login)
	case name == "disablePullRequestAutoMerge":
		i.pull.auto = nil
	case name == "enablePullRequestAutoMerge":
		return "UNPROCESSABLE", c.enable(i, strings.ToLower(variables["method"]), variables["head"])
	default:
		c.unknown("the mutation " + name)

		return "NOT_FOUND", "unknown"
	}

	return "", ""
}

func (c *call) enable(i *issue, method, head string) (why string) {
	switch {
	case !c.repo.AutoMerge:
		return "Pull request Auto merge is not allowed for this repository"
	case i.pull.draft:
		return "Pull request is in draft state"
	case head != i.pull.head.SHA:
		return "Head sha didn't match expected sha"
	case c.repo.unmergeable(i, method) == "":
		return "Pull request is in clean status"
	}

	i.pull.auto = &autoMerge{c.token.Login, method, head}
	c.s.record(i, "auto_merge_enabled", c.token.Login)

	return ""
}

// refuseGraphQL answers as GraphQL refuses: with 200.
func (c *call) refuseGraphQL(kind, why string) {
	c.ok(http.StatusOK, object{"data": nil, "errors": []object{{"type": kind, "message": why, "path": []string{}}}})
}
