package githubtest

import (
	"net/http"
	"strconv"
)

func (c *call) getIssue() {
	if i := c.either(); i != nil {
		c.ok(http.StatusOK, c.issueShape(i))
	}
}

func (c *call) createIssue() {
	var asked struct {
		Title     *string  `json:"title"`
		Body      *string  `json:"body"`
		Labels    []string `json:"labels"`
		Assignees []string `json:"assignees"`
	}

	if !c.decode(&asked) {
		return
	}

	title := value(asked.Title)
	if errors := textErrors(&title, asked.Body); len(errors) > 0 {
		c.invalid(errors...)

		return
	}

	i := c.s.newIssue(c.repo, title, value(asked.Body), c.token.Login)

	for _, name := range asked.Labels {
		c.s.addLabel(c.repo, i, name, c.token.Login)
	}

	for _, login := range asked.Assignees {
		if !c.repo.knows(login) {
			c.invalid(object{"resource": "Issue", "code": "invalid", "field": "assignees", "value": login})
			delete(c.repo.issues, i.number)

			return
		}

		i.assignees = append(i.assignees, login)
	}

	c.ok(http.StatusCreated, c.issueShape(i))
}

func (c *call) listComments() {
	if _, ok := c.query("page", "per_page"); !ok {
		return
	}

	if i := c.either(); i != nil {
		page(c, i.comments, c.commentShape)
	}
}

type text struct {
	Body *string `json:"body"`
}

// commentText reads a comment's text; it answers if GitHub would refuse it.
func (c *call) commentText() (string, bool) {
	var asked text
	if !c.decode(&asked) {
		return "", false
	}

	body := value(asked.Body)

	// Comments are measured in bytes, four for each of the 65,536 characters.
	if body == "" || len(body) > 4*maxBody {
		message := "Body can't be blank"
		if body != "" {
			message = "Body is too long (maximum is 65536 characters)"
		}

		c.invalid(object{"resource": "IssueComment", "code": "unprocessable", "field": "data", "message": message})

		return "", false
	}

	return body, true
}

func (c *call) createComment() {
	i := c.either()
	if i == nil {
		return
	}

	if body, ok := c.commentText(); ok {
		c.ok(http.StatusCreated, c.commentShape(c.s.comment(i, c.token.Login, body)))
	}
}

func (c *call) updateComment() {
	id, err := strconv.ParseInt(c.r.PathValue("comment"), 10, 64)

	for _, i := range c.repo.issues {
		for _, known := range i.comments {
			if err != nil || known.id != id {
				continue
			}

			if body, ok := c.commentText(); ok {
				known.body, known.updated = body, c.s.time()
				c.ok(http.StatusOK, c.commentShape(known))
			}

			return
		}
	}

	c.missing()
}
