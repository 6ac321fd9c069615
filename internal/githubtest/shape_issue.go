package githubtest

import "fmt"

func (c *call) labelShape(l *label) object {
	return object{
		"id": l.id, "node_id": nodeID("LA", l.id), "name": l.name, "color": l.color, "default": false, "description": "",
		"url": c.repoURL(c.repo, "/labels/%s", l.name),
	}
}

func (c *call) labelShapes(labels []*label) []object {
	shapes := []object{}
	for _, l := range labels {
		shapes = append(shapes, c.labelShape(l))
	}

	return shapes
}

// pageURL of an issue or a pull request.
func (c *call) issuePage(i *issue) string {
	kind := "issues"
	if i.pull != nil {
		kind = "pull"
	}

	return fmt.Sprintf("%s/%s/%s/%d", c.html, c.repo.Name, kind, i.number)
}

func (c *call) issueShape(i *issue) object {
	url := c.repoURL(c.repo, "/issues/%d", i.number)
	shape := object{
		"id": i.id, "node_id": nodeID("I", i.id), "url": url, "repository_url": c.repoURL(c.repo, ""),
		"labels_url": url + "/labels{/name}", "comments_url": url + "/comments", "events_url": url + "/events",
		"html_url": c.issuePage(i), "number": i.number, "state": i.state(), "state_reason": nil, "title": i.title,
		"body": i.body, "user": c.userShape(i.author), "labels": c.labelShapes(i.labels), "assignee": c.first(i.assignees),
		"assignees": c.userShapes(i.assignees), "milestone": nil, "locked": i.locked, "active_lock_reason": nil,
		"comments": len(i.comments), "closed_at": stamp(i.closedAt), "created_at": stamp(i.created),
		"updated_at": stamp(i.updated), "closed_by": c.maybeUser(i.closedBy), "author_association": c.association(i.author),
		"performed_via_github_app": nil, "timeline_url": url + "/timeline",
	}

	if i.pull != nil {
		shape["draft"] = i.pull.draft
		shape["pull_request"] = object{
			"url": c.repoURL(c.repo, "/pulls/%d", i.number), "html_url": c.issuePage(i), "diff_url": c.issuePage(i) + ".diff",
			"patch_url": c.issuePage(i) + ".patch", "merged_at": stamp(i.pull.merged),
		}
	}

	return shape
}

func (c *call) first(logins []string) any {
	if len(logins) == 0 {
		return nil
	}

	return c.userShape(logins[0])
}

func (c *call) association(login string) string {
	switch {
	case contains([]string{login}, c.repo.owner()):
		return "OWNER"
	case c.repo.knows(login):
		return "COLLABORATOR"
	}

	return "NONE"
}

func (c *call) commentShape(said *comment) object {
	return object{
		"id": said.id, "node_id": nodeID("IC", said.id), "url": c.repoURL(c.repo, "/issues/comments/%d", said.id),
		"html_url":  fmt.Sprintf("%s#issuecomment-%d", c.issuePage(said.issue), said.id),
		"issue_url": c.repoURL(c.repo, "/issues/%d", said.issue.number), "body": said.body, "user": c.userShape(said.author),
		"created_at": stamp(said.created), "updated_at": stamp(said.updated), "performed_via_github_app": nil,
		"author_association": c.association(said.author),
	}
}

func (c *call) eventShape(e *event) object {
	shape := object{
		"id": e.id, "node_id": nodeID("EV", e.id), "url": c.repoURL(c.repo, "/issues/events/%d", e.id),
		"actor": c.userShape(e.actor), "event": e.kind, "commit_id": nil, "commit_url": nil, "created_at": stamp(e.at),
		"performed_via_github_app": nil,
	}

	switch e.kind {
	case "labeled", "unlabeled":
		shape["label"] = object{"name": e.label.name, "color": e.label.color}
	case "assigned":
		shape["assignee"], shape["assigner"] = c.userShape(e.subject), c.userShape(e.actor)
	case "review_requested":
		shape["review_requester"] = c.userShape(e.actor)
		if e.team != "" {
			shape["requested_team"] = c.teamShape(e.team)
		} else {
			shape["requested_reviewer"] = c.userShape(e.subject)
		}
	case "renamed":
		shape["rename"] = object{"from": "", "to": ""}
	}

	return shape
}
