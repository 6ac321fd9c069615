package githubtest

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"strings"
)

// repoLinks are the addresses that a repository names of itself.
var repoLinks = map[string]string{
	"archive_url": "/{archive_format}{/ref}", "assignees_url": "/assignees{/user}", "blobs_url": "/git/blobs{/sha}",
	"branches_url": "/branches{/branch}", "collaborators_url": "/collaborators{/collaborator}",
	"comments_url": "/comments{/number}", "commits_url": "/commits{/sha}", "compare_url": "/compare/{base}...{head}",
	"contents_url": "/contents/{+path}", "contributors_url": "/contributors", "deployments_url": "/deployments",
	"downloads_url": "/downloads", "events_url": "/events", "forks_url": "/forks", "git_commits_url": "/git/commits{/sha}",
	"git_refs_url": "/git/refs{/sha}", "git_tags_url": "/git/tags{/sha}", "hooks_url": "/hooks",
	"issue_comment_url": "/issues/comments{/number}", "issue_events_url": "/issues/events{/number}",
	"issues_url": "/issues{/number}", "keys_url": "/keys{/key_id}", "labels_url": "/labels{/name}",
	"languages_url": "/languages", "merges_url": "/merges", "milestones_url": "/milestones{/number}",
	"notifications_url": "/notifications{?since,all,participating}", "pulls_url": "/pulls{/number}",
	"releases_url": "/releases{/id}", "stargazers_url": "/stargazers", "statuses_url": "/statuses/{sha}",
	"subscribers_url": "/subscribers", "subscription_url": "/subscription", "tags_url": "/tags", "teams_url": "/teams",
	"trees_url": "/git/trees{/sha}",
}

// repoURL is an address below a repository's in the API.
func (c *call) repoURL(r *repository, format string, args ...any) string {
	return c.api + "/repos/" + r.Name + fmt.Sprintf(format, args...)
}

func (c *call) repoShape(r *repository) object {
	_, name, _ := strings.Cut(r.Name, "/")
	page := c.html + "/" + r.Name
	host := c.html[strings.Index(c.html, "://")+3:]

	shape := object{
		"id": r.id, "node_id": nodeID("R", r.id), "name": name, "full_name": r.Name, "owner": c.userShape(r.owner()),
		"private": r.Private, "html_url": page, "description": nil, "fork": r.forkOf != nil, "url": c.repoURL(r, ""),
		"git_url": "git://" + host + "/" + r.Name + ".git", "ssh_url": "git@" + host + ":" + r.Name + ".git",
		"clone_url": cmp.Or(r.CloneURL, page+".git"), "svn_url": page, "mirror_url": nil, "homepage": nil, "language": nil,
		"forks_count": 0, "stargazers_count": 0, "watchers_count": 0, "size": 1, "default_branch": r.DefaultBranch,
		"open_issues_count": 0, "is_template": false, "topics": []string{}, "has_issues": !r.NoIssues, "has_projects": true,
		"has_wiki": true, "has_pages": false, "has_downloads": true, "has_discussions": false, "archived": r.Archived,
		"disabled": false, "visibility": map[bool]string{true: "private", false: "public"}[r.Private],
		"pushed_at": stamp(r.created), "created_at": stamp(r.created), "updated_at": stamp(r.created),
		"license": nil, "forks": 0, "open_issues": 0, "watchers": 0,
	}

	for name, path := range repoLinks {
		shape[name] = c.repoURL(r, "") + path
	}

	return shape
}

func (c *call) getRepository() {
	shape := maps.Clone(c.repoShape(c.repo))
	shape["network_count"], shape["subscribers_count"] = 0, 1

	if c.token != nil {
		role := contains([]string{c.token.Login}, c.repo.owner())
		push := role || contains(c.repo.Collaborators, c.token.Login) || c.token.App && c.token.Permissions.Contents == Write
		for field, method := range map[string]string{
			"allow_merge_commit": "merge", "allow_squash_merge": "squash", "allow_rebase_merge": "rebase",
		} {
			shape[field] = push && contains(c.repo.Methods, method)
		}

		shape["permissions"] = object{"admin": role, "maintain": role, "push": push, "triage": push, "pull": true}
	}

	c.ok(http.StatusOK, shape)
}
