package githubtest

import (
	"encoding/json"
	"fmt"
	"net/http"
)

func (c *call) listLabels() {
	if i := c.either(); i != nil {
		page(c, i.labels, c.labelShape)
	}
}

// addLabels takes both forms that GitHub takes: a list, or an object with one.
func (c *call) addLabels() {
	i := c.either()
	if i == nil {
		return
	}

	var names []string
	if json.Unmarshal(c.body, &names) != nil {
		var asked struct {
			Labels []string `json:"labels"`
		}

		if !c.decode(&asked) {
			return
		}

		names = asked.Labels
	}

	for _, name := range names {
		if name == "" || tooLong(name, 50) {
			c.invalid(object{"resource": "Label", "code": "invalid", "field": "name", "value": name})

			return
		}
	}

	for _, name := range names {
		c.s.addLabel(c.repo, i, name, c.token.Login)
	}

	page(c, i.labels, c.labelShape)
}

func (c *call) requestReviewers() {
	i := c.pull()

	var asked struct {
		Reviewers []string `json:"reviewers"`
		Teams     []string `json:"team_reviewers"`
	}

	if i == nil || !c.decode(&asked) {
		return
	}

	if why := c.reviewersRefused(i, asked.Reviewers, asked.Teams); why != "" {
		c.fail(http.StatusUnprocessableEntity, why)

		return
	}

	for _, login := range asked.Reviewers {
		if !contains(i.pull.reviewers, login) {
			i.pull.reviewers = append(i.pull.reviewers, login)
		}

		c.s.record(i, "review_requested", c.token.Login).subject = login
	}

	for _, team := range asked.Teams {
		if !contains(i.pull.teams, team) {
			i.pull.teams = append(i.pull.teams, team)
		}

		c.s.record(i, "review_requested", c.token.Login).team = team
	}

	c.ok(http.StatusCreated, c.pullShape(i))
}

func (c *call) reviewersRefused(i *issue, logins, teams []string) string {
	for _, login := range logins {
		if contains([]string{i.author}, login) {
			return "Review cannot be requested from pull request author."
		}
	}

	for _, login := range logins {
		if !c.repo.knows(login) {
			return c.notCollaborators()
		}
	}

	for _, team := range teams {
		if !contains(c.repo.Teams, team) {
			return c.notCollaborators()
		}
	}

	return ""
}

func (c *call) notCollaborators() string {
	return fmt.Sprintf("Reviews may only be requested from collaborators. One or more of the users or teams you "+
		"specified is not a collaborator of the %s repository.", c.repo.Name)
}

// addAssignees leaves out, as GitHub does, who cannot be assigned.
func (c *call) addAssignees() {
	i := c.either()

	var asked struct {
		Assignees []string `json:"assignees"`
	}

	if i == nil || !c.decode(&asked) {
		return
	}

	for _, login := range asked.Assignees {
		if c.repo.knows(login) && !contains(i.assignees, login) {
			i.assignees = append(i.assignees, login)
			c.s.record(i, "assigned", c.token.Login).subject = login
		}
	}

	c.ok(http.StatusCreated, c.issueShape(i))
}

func (c *call) listEvents() {
	if _, ok := c.query("page", "per_page"); !ok {
		return
	}

	if i := c.either(); i != nil {
		page(c, i.events, c.eventShape)
	}
}
