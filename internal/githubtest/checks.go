package githubtest

import (
	"net/http"
	"slices"
	"time"
)

// Check is what a check, or a commit status, says of a commit.
type Check struct {
	// Name of the check run, or the status' context.
	Name string
	// Conclusion is "success", "failure" …; "pending": there is none yet.
	Conclusion string
	// Status makes it a commit status instead of a check run.
	Status bool
	// ExternalID, Title, Summary and Annotations are those of a check run;
	// Title is the description of a status.
	ExternalID, Title, Summary string
	Annotations                []Annotation

	id int64
	at time.Time
}

type review struct {
	id                    int64
	author, state, commit string
	at                    time.Time
}

// of are the check runs, or the statuses, of a commit.
func (r *repository) of(sha string, statuses bool) []Check {
	var found []Check

	for _, check := range r.checks[sha] {
		if check.Status == statuses {
			found = append(found, check)
		}
	}

	return found
}

func (c *call) listCheckRuns() {
	if _, ok := c.query("page", "per_page", "filter", "check_name"); !ok {
		return
	}

	sha := c.r.PathValue("ref")
	found := c.repo.of(sha, false)

	if name := c.r.URL.Query().Get("check_name"); name != "" {
		found = slices.DeleteFunc(found, func(check Check) bool { return check.Name != name })
	}

	shapes := []object{}

	// GitHub shows the latest of each name.
	found = slices.DeleteFunc(slices.Clone(found), func(check Check) bool {
		return slices.ContainsFunc(found, func(other Check) bool { return other.Name == check.Name && other.id > check.id })
	})

	for _, check := range found {
		shapes = append(shapes, c.checkShape(sha, check))
	}

	c.ok(http.StatusOK, object{"total_count": len(found), "check_runs": shapes})
}

func (c *call) checkShape(sha string, check Check) object {
	url := c.repoURL(c.repo, "/check-runs/%d", check.id)
	shape := object{
		"id": check.id, "node_id": nodeID("CR", check.id), "head_sha": sha, "external_id": check.ExternalID, "url": url, "html_url": nil,
		"details_url": nil, "status": "completed", "conclusion": check.Conclusion, "started_at": stamp(check.at),
		"completed_at": stamp(check.at), "name": check.Name, "check_suite": object{"id": check.id}, "app": nil, "pull_requests": []object{},
		"output": object{"title": check.Title, "summary": check.Summary, "text": nil, "annotations_count": len(check.Annotations), "annotations_url": url + "/annotations"},
	}

	if check.Conclusion == "pending" {
		shape["status"], shape["conclusion"], shape["completed_at"] = "in_progress", nil, nil
	}

	return shape
}

func (c *call) combinedStatus() {
	if _, ok := c.query("page", "per_page"); !ok {
		return
	}

	sha := c.r.PathValue("ref")
	found := c.repo.of(sha, true)
	state, shapes := "pending", []object{}

	for n, check := range found {
		shapes = append(shapes, c.statusShape(sha, check))

		if n == 0 || check.Conclusion != "success" {
			state = check.Conclusion
		}
	}

	c.ok(http.StatusOK, object{
		"state": state, "statuses": shapes, "sha": sha, "total_count": len(found), "repository": c.repoShape(c.repo),
		"commit_url": c.repoURL(c.repo, "/commits/%s", sha), "url": c.repoURL(c.repo, "/commits/%s/status", sha),
	})
}

func (c *call) listReviews() {
	if _, ok := c.query("page", "per_page"); !ok {
		return
	}

	if i := c.pull(); i != nil {
		page(c, i.pull.reviews, func(r *review) object { return c.reviewShape(i, r) })
	}
}

func (c *call) reviewShape(i *issue, r *review) object {
	return object{
		"id": r.id, "node_id": nodeID("PRR", r.id), "user": c.userShape(r.author), "body": "", "state": r.state,
		"html_url": c.issuePage(i), "pull_request_url": c.repoURL(c.repo, "/pulls/%d", i.number), "submitted_at": stamp(r.at),
		"commit_id": r.commit, "author_association": c.association(r.author),
		"_links": object{"html": object{"href": c.issuePage(i)}, "pull_request": object{"href": c.repoURL(c.repo, "/pulls/%d", i.number)}},
	}
}
