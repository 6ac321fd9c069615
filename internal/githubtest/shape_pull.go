package githubtest

import (
	"fmt"
	"maps"
)

func (c *call) refShape(r *repository, ref Ref) object {
	return object{
		"label": r.owner() + ":" + ref.Ref, "ref": ref.Ref, "sha": ref.SHA, "user": c.userShape(r.owner()), "repo": c.repoShape(r),
	}
}

// pullShape is a pull request as it stands in listings.
func (c *call) pullShape(i *issue) object {
	url, issueURL := c.repoURL(c.repo, "/pulls/%d", i.number), c.repoURL(c.repo, "/issues/%d", i.number)
	statuses := c.repoURL(c.repo, "/statuses/%s", i.pull.head.SHA)

	shape := object{
		"id": i.id, "node_id": nodeID("PR", i.id), "url": url, "html_url": c.issuePage(i), "diff_url": c.issuePage(i) + ".diff",
		"patch_url": c.issuePage(i) + ".patch", "issue_url": issueURL, "commits_url": url + "/commits",
		"review_comments_url": url + "/comments", "review_comment_url": c.repoURL(c.repo, "/pulls/comments{/number}"),
		"comments_url": issueURL + "/comments", "statuses_url": statuses, "number": i.number, "state": i.state(),
		"locked": false, "title": i.title, "user": c.userShape(i.author), "body": i.body, "labels": c.labelShapes(i.labels),
		"milestone": nil, "active_lock_reason": nil, "created_at": stamp(i.created), "updated_at": stamp(i.updated),
		"closed_at": stamp(i.closedAt), "merged_at": stamp(i.pull.merged), "merge_commit_sha": nil,
		"assignee": c.first(i.assignees), "assignees": c.userShapes(i.assignees),
		"requested_reviewers": c.userShapes(i.pull.reviewers), "requested_teams": c.teamShapes(i.pull.teams),
		"head": c.refShape(i.pull.from, i.pull.head), "base": c.refShape(c.repo, i.pull.base),
		"author_association": c.association(i.author), "auto_merge": nil, "draft": i.pull.draft,
	}

	if auto := i.pull.auto; auto != nil {
		shape["auto_merge"] = object{
			"enabled_by": c.userShape(auto.by), "merge_method": auto.method, "commit_title": "", "commit_message": "",
		}
	}

	if i.pull.merge != "" {
		shape["merge_commit_sha"] = i.pull.merge
	}

	links := object{}
	for name, href := range map[string]string{
		"self": url, "html": c.issuePage(i), "issue": issueURL, "comments": issueURL + "/comments", "statuses": statuses,
		"review_comments": url + "/comments", "review_comment": c.repoURL(c.repo, "/pulls/comments{/number}"), "commits": url + "/commits",
	} {
		links[name] = object{"href": href}
	}

	shape["_links"] = links

	return shape
}

// fullPullShape is a pull request by itself.
func (c *call) fullPullShape(i *issue) object {
	shape := maps.Clone(c.pullShape(i))
	maps.Copy(shape, object{
		"merged": !i.pull.merged.IsZero(), "mergeable": nil, "rebaseable": nil, "mergeable_state": "unknown",
		"merged_by": c.maybeUser(i.pull.mergedBy), "comments": len(i.comments), "review_comments": 0,
		"maintainer_can_modify": false, "commits": 1, "additions": 1, "deletions": 1, "changed_files": 1,
	})

	return shape
}

func (c *call) teamShape(slug string) object {
	url := fmt.Sprintf("%s/orgs/%s/teams/%s", c.api, c.repo.owner(), slug)
	id := c.s.user("team:" + slug).id

	return object{
		"id": id, "node_id": nodeID("T", id), "url": url, "name": slug, "slug": slug, "description": nil, "permission": "push",
		"privacy": "closed", "notification_setting": "notifications_enabled", "members_url": url + "/members{/member}",
		"repositories_url": url + "/repos", "html_url": c.html + "/orgs/" + c.repo.owner() + "/teams/" + slug,
		"type": "organization", "parent": nil,
	}
}

func (c *call) teamShapes(slugs []string) []object {
	shapes := []object{}
	for _, slug := range slugs {
		shapes = append(shapes, c.teamShape(slug))
	}

	return shapes
}
