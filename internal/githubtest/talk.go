package githubtest

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// listIssues lists issues and pull requests, which GitHub counts among them.
func (c *call) listIssues() {
	query, ok := c.query("state", "labels", "sort", "direction", "page", "per_page")
	if !ok {
		return
	}

	if c.repo.NoIssues {
		c.fail(http.StatusGone, "Issues are disabled for this repo")

		return
	}

	state := cmp.Or(query["state"], "open")

	var found []*issue

	for _, i := range c.repo.all() {
		if (state == "all" || state == i.state()) && i.labelled(query["labels"]) {
			found = append(found, i)
		}
	}

	if query["sort"] == "updated" {
		slices.SortStableFunc(found, func(a, b *issue) int { return b.updated.Compare(a.updated) })
	}

	if query["direction"] == "asc" {
		slices.Reverse(found)
	}

	page(c, found, c.issueShape)
}

func (i *issue) labelled(names string) bool {
	if names == "" {
		return true
	}

	for name := range strings.SplitSeq(names, ",") {
		if !slices.ContainsFunc(i.labels, func(l *label) bool { return strings.EqualFold(l.name, name) }) {
			return false
		}
	}

	return true
}

// updateIssue changes an issue, a pull request too.
func (c *call) updateIssue() {
	i := c.either()
	if i == nil {
		return
	}

	var asked struct {
		Title  *string   `json:"title"`
		Body   *string   `json:"body"`
		State  *string   `json:"state"`
		Reason *string   `json:"state_reason"`
		Labels *[]string `json:"labels"`
	}

	if !c.decode(&asked) {
		return
	}

	if errors := textErrors(asked.Title, asked.Body); len(errors) > 0 {
		c.invalid(errors...)

		return
	}

	i.title, i.body = value(cmp.Or(asked.Title, &i.title)), value(cmp.Or(asked.Body, &i.body))
	i.updated = c.s.time()

	if value(asked.State) == "closed" {
		c.s.close(i, c.token.Login)
	}

	c.ok(http.StatusOK, c.issueShape(i))
}

// listAllComments lists the comments on every issue and pull request.
func (c *call) listAllComments() {
	query, ok := c.query("sort", "direction", "since", "page", "per_page")
	if !ok {
		return
	}

	var since time.Time

	if query["since"] != "" {
		var err error
		if since, err = time.Parse(time.RFC3339, query["since"]); err != nil {
			c.invalid(object{"resource": "IssueComment", "code": "invalid", "field": "since"})

			return
		}
	}

	var found []*comment

	for _, i := range c.repo.all() {
		for _, said := range i.comments {
			if !said.updated.Before(since) {
				found = append(found, said)
			}
		}
	}

	slices.SortFunc(found, func(a, b *comment) int {
		if query["sort"] == "updated" {
			return cmp.Or(a.updated.Compare(b.updated), cmp.Compare(a.id, b.id))
		}

		return cmp.Compare(a.id, b.id)
	})

	if query["direction"] == "desc" && query["sort"] != "" {
		slices.Reverse(found)
	}

	page(c, found, c.commentShape)
}

// said is the comment that the path names; it answers if there is none.
func (c *call) said() *comment {
	id, err := strconv.ParseInt(c.r.PathValue("comment"), 10, 64)
	if err == nil {
		for _, i := range c.repo.issues {
			for _, known := range i.comments {
				if known.id == id {
					return known
				}
			}
		}
	}

	c.missing()

	return nil
}

func (c *call) deleteComment() {
	known := c.said()
	if known == nil {
		return
	}

	known.issue.comments = slices.DeleteFunc(known.issue.comments, func(other *comment) bool { return other == known })
	c.answer.status = http.StatusNoContent
}

// reaction is somebody's to a comment.
type reaction struct {
	id      int64
	content string
	author  string
	at      time.Time
}

// react adds a reaction, or answers 200 with the one that there is.
func (c *call) react() {
	known := c.said()
	if known == nil {
		return
	}

	var asked struct {
		Content string `json:"content"`
	}

	if !c.decode(&asked) {
		return
	}

	if !slices.Contains([]string{"+1", "-1", "laugh", "confused", "heart", "hooray", "rocket", "eyes"}, asked.Content) {
		c.invalid(object{"resource": "Reaction", "code": "invalid", "field": "content"})

		return
	}

	for _, r := range known.reactions {
		if r.content == asked.Content && strings.EqualFold(r.author, c.token.Login) {
			c.ok(http.StatusOK, c.reactionShape(r))

			return
		}
	}

	r := reaction{c.s.id(), asked.Content, c.token.Login, c.s.time()}
	known.reactions = append(known.reactions, r)
	c.ok(http.StatusCreated, c.reactionShape(r))
}

func (c *call) reactionShape(r reaction) object {
	return object{
		"id": r.id, "node_id": nodeID("REA", r.id), "user": c.userShape(r.author), "content": r.content, "created_at": stamp(r.at),
	}
}

// permission tells what a user may do in the repository.
func (c *call) permission() {
	login := c.r.PathValue("login")
	if c.s.users[strings.ToLower(login)] == nil {
		c.missing()

		return
	}

	may, role := "none", "none"

	switch {
	case strings.EqualFold(login, c.repo.owner()):
		may, role = "admin", "admin"
	case contains(c.repo.Readers, login):
		may, role = "read", "triage"
	case c.repo.knows(login):
		may, role = "write", "write"
	case !c.repo.Private:
		may, role = "read", "read"
	}

	shape := c.userShape(login)
	shape["role_name"] = role
	shape["permissions"] = object{"pull": may != "none", "triage": role == "triage", "push": may == "write" || may == "admin", "maintain": false, "admin": may == "admin"}

	c.ok(http.StatusOK, object{"permission": may, "role_name": role, "user": shape})
}
