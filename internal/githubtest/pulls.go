package githubtest

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

func (c *call) listPulls() {
	query, ok := c.query("state", "head", "base", "sort", "direction", "page", "per_page")
	if !ok {
		return
	}

	var found []*issue

	for _, i := range c.repo.all() {
		if i.pull != nil && i.matches(query) {
			found = append(found, i)
		}
	}

	switch query["sort"] {
	case "", "created":
	case "updated":
		slices.SortStableFunc(found, func(a, b *issue) int { return b.updated.Compare(a.updated) })
	default:
		c.unknown("sorting by " + query["sort"])

		return
	}

	if query["direction"] == "asc" {
		slices.Reverse(found)
	}

	page(c, found, c.pullShape)
}

func (i *issue) matches(query map[string]string) bool {
	state := cmp.Or(query["state"], "open")
	if state != "all" && state != i.state() || query["base"] != "" && query["base"] != i.pull.base.Ref {
		return false
	}

	// GitHub overlooks a head that names no owner.
	owner, branch, named := strings.Cut(query["head"], ":")

	return !named || strings.EqualFold(owner, i.pull.from.owner()) && branch == i.pull.head.Ref
}

func (c *call) getPull() {
	if i := c.pull(); i != nil {
		c.ok(http.StatusOK, c.fullPullShape(i))
	}
}

type newPull struct {
	Title               *string `json:"title"`
	Head                string  `json:"head"`
	Base                string  `json:"base"`
	Body                *string `json:"body"`
	Draft               bool    `json:"draft"`
	MaintainerCanModify *bool   `json:"maintainer_can_modify"`
}

func (c *call) createPull() {
	var asked newPull
	if !c.decode(&asked) {
		return
	}

	head, base, errors := c.branches(asked)
	if len(errors) > 0 {
		c.invalid(errors...)

		return
	}

	if asked.Draft && c.repo.NoDrafts {
		c.fail(http.StatusUnprocessableEntity, "Draft pull requests are not supported in this repository.")

		return
	}

	i := c.s.newIssue(c.repo, *asked.Title, value(asked.Body), c.token.Login)
	i.pull = &pull{head: head, base: base, from: c.repo, draft: asked.Draft}

	if err := c.s.refer(c.repo, i); err != nil {
		c.fail(http.StatusInternalServerError, err.Error())

		return
	}

	c.ok(http.StatusCreated, c.fullPullShape(i))
	c.answer.header.Set("Location", c.repoURL(c.repo, "/pulls/%d", i.number))
}

// branches resolves what a new pull request is from and to, or says why not.
func (c *call) branches(asked newPull) (head, base Ref, errors []object) {
	refuse := func(field, code, message string) {
		e := object{"resource": "PullRequest", "code": code}
		if field != "" {
			e["field"] = field
		}

		if message != "" {
			e["message"] = message
		}

		errors = append(errors, e)
	}

	if asked.Title == nil {
		refuse("title", "missing_field", "")
	}

	errors = append(errors, textErrors(asked.Title, asked.Body)...)

	owner, branch, named := strings.Cut(asked.Head, ":")
	if !named {
		owner, branch = c.repo.owner(), asked.Head
	}

	headSHA, there := c.s.git.Branch(c.repo.Name, branch)
	if !there || !strings.EqualFold(owner, c.repo.owner()) {
		refuse("head", "invalid", "")
	}

	baseSHA, baseThere := c.s.git.Branch(c.repo.Name, asked.Base)
	if !baseThere {
		refuse("base", "invalid", "")
	}

	switch {
	case len(errors) > 0:
	case c.repo.opened(branch, asked.Base) != nil:
		refuse("", "custom", fmt.Sprintf("A pull request already exists for %s:%s.", c.repo.owner(), branch))
	case headSHA == baseSHA:
		refuse("", "custom", fmt.Sprintf("No commits between %s and %s", asked.Base, branch))
	}

	return Ref{branch, headSHA}, Ref{asked.Base, baseSHA}, errors
}

// opened is the open pull request between two branches of the repository.
func (r *repository) opened(head, base string) *issue {
	for _, i := range r.all() {
		if p := i.pull; p != nil && !i.closed && p.from == r && p.head.Ref == head && p.base.Ref == base {
			return i
		}
	}

	return nil
}

type pullEdit struct {
	Title               *string `json:"title"`
	Body                *string `json:"body"`
	State               *string `json:"state"`
	Base                *string `json:"base"`
	MaintainerCanModify *bool   `json:"maintainer_can_modify"`
}

func (c *call) updatePull() {
	i := c.pull()

	var edit pullEdit
	if i == nil || !c.decode(&edit) {
		return
	}

	if errors := c.editErrors(i, edit); len(errors) > 0 {
		c.invalid(errors...)

		return
	}

	c.edit(i, edit)
	c.ok(http.StatusOK, c.fullPullShape(i))
}

func (c *call) editErrors(i *issue, edit pullEdit) []object {
	errors := textErrors(edit.Title, edit.Body)
	refuse := func(field, code, message string) {
		errors = append(errors, object{"resource": "PullRequest", "code": code, "field": field, "message": message})
	}

	if edit.State != nil && *edit.State != "open" && *edit.State != "closed" {
		refuse("state", "invalid", "")
	}

	if value(edit.State) == "open" && i.closed {
		if why := c.s.final(c.repo, i); why != "" {
			refuse("state", "invalid", "state cannot be changed. "+why)
		}
	}

	if edit.Base == nil || *edit.Base == i.pull.base.Ref {
		return errors
	}

	switch _, there := c.s.git.Branch(c.repo.Name, *edit.Base); {
	case i.closed || value(edit.State) == "closed":
		refuse("base", "invalid", "Cannot change base branch of closed pull request")
	case !there:
		refuse("base", "invalid", "Proposed base branch '"+*edit.Base+"' was not found")
	case c.repo.opened(i.pull.head.Ref, *edit.Base) != nil:
		refuse("base", "invalid", "A pull request already exists for base branch '"+*edit.Base+"' and head branch '"+i.pull.head.Ref+"'")
	}

	return errors
}

// final is why a closed pull request cannot be opened again; "" when it can.
func (s *Server) final(r *repository, i *issue) string {
	_, there := s.git.Branch(r.Name, i.pull.head.Ref)

	switch {
	case !i.pull.merged.IsZero():
		return "The pull request was merged."
	case !there:
		return "The " + i.pull.head.Ref + " branch has been deleted."
	case r.opened(i.pull.head.Ref, i.pull.base.Ref) != nil:
		return "There is already an open pull request from " + i.pull.head.Ref + " to " + i.pull.base.Ref + "."
	}

	return ""
}

func (c *call) edit(i *issue, edit pullEdit) {
	i.updated = c.s.time()

	if edit.Title != nil && *edit.Title != i.title {
		c.s.record(i, "renamed", c.token.Login)

		i.title = *edit.Title
	}

	if edit.Body != nil {
		i.body = *edit.Body
	}

	if edit.Base != nil {
		i.pull.base.Ref = *edit.Base
		i.pull.base.SHA, _ = c.s.git.Branch(c.repo.Name, *edit.Base)
	}

	switch value(edit.State) {
	case "closed":
		c.s.close(i, c.token.Login)
	case "open":
		if i.closed {
			c.s.reopen(i, c.token.Login)
		}
	}
}

func value(s *string) string {
	if s == nil {
		return ""
	}

	return *s
}
