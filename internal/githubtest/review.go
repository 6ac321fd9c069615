package githubtest

import (
	"net/http"
	"strconv"
	"strings"
)

// Annotation is what a check run says of a line.
type Annotation struct {
	Path    string `json:"path"`
	Start   int    `json:"start_line"`
	End     int    `json:"end_line"`
	Level   string `json:"annotation_level"`
	Message string `json:"message"`
	Title   string `json:"title"`
}

// mostAnnotations is how many GitHub takes with one request.
const mostAnnotations = 50

// askedRun is a check run as it is made or changed.
type askedRun struct {
	Name        string  `json:"name"`
	HeadSHA     string  `json:"head_sha"`
	DetailsURL  *string `json:"details_url"`
	ExternalID  *string `json:"external_id"`
	Status      *string `json:"status"`
	Conclusion  *string `json:"conclusion"`
	CompletedAt *string `json:"completed_at"`
	StartedAt   *string `json:"started_at"`
	Output      *struct {
		Title       string       `json:"title"`
		Summary     string       `json:"summary"`
		Text        *string      `json:"text"`
		Annotations []Annotation `json:"annotations"`
	} `json:"output"`
}

// readRun reads what is asked; only Apps may ask.
func (c *call) readRun() (askedRun, bool) {
	var asked askedRun

	if !c.token.App {
		c.fail(http.StatusForbidden, "You must authenticate via a GitHub App.")

		return asked, false
	}

	if !c.decode(&asked) {
		return asked, false
	}

	if asked.Output != nil && len(asked.Output.Annotations) > mostAnnotations {
		c.invalid(object{"resource": "CheckRun", "code": "invalid", "field": "annotations"})

		return asked, false
	}

	return asked, true
}

func (c *call) createRun() {
	asked, ok := c.readRun()
	if !ok {
		return
	}

	check := Check{Name: asked.Name, id: c.s.id(), at: c.s.time()}
	check.take(asked)
	c.repo.checks[asked.HeadSHA] = append(c.repo.checks[asked.HeadSHA], check)
	c.ok(http.StatusCreated, c.checkShape(asked.HeadSHA, check))
}

func (c *call) updateRun() {
	id, err := strconv.ParseInt(c.r.PathValue("run"), 10, 64)

	for sha, checks := range c.repo.checks {
		for n := range checks {
			if err != nil || checks[n].id != id || checks[n].Status {
				continue
			}

			if asked, ok := c.readRun(); ok {
				checks[n].take(asked)
				c.ok(http.StatusOK, c.checkShape(sha, checks[n]))
			}

			return
		}
	}

	c.missing()
}

// take takes over what is asked. Annotations are added to those that there are.
func (c *Check) take(asked askedRun) {
	if asked.Conclusion != nil {
		c.Conclusion = *asked.Conclusion
	}

	if asked.ExternalID != nil {
		c.ExternalID = *asked.ExternalID
	}

	if asked.Output != nil {
		c.Title, c.Summary = asked.Output.Title, asked.Output.Summary
		c.Annotations = append(c.Annotations, asked.Output.Annotations...)
	}
}

func (c *call) createStatus() {
	var asked struct {
		State       string `json:"state"`
		TargetURL   string `json:"target_url"`
		Description string `json:"description"`
		Context     string `json:"context"`
	}

	if !c.decode(&asked) {
		return
	}

	if tooLong(asked.Description, 140) {
		c.invalid(object{"resource": "Status", "code": "custom", "field": "description", "message": "description is too long (maximum is 140 characters)"})

		return
	}

	sha := c.r.PathValue("sha")
	check := Check{Name: asked.Context, Conclusion: asked.State, Status: true, Title: asked.Description, id: c.s.id(), at: c.s.time()}

	for n, known := range c.repo.checks[sha] {
		if known.Status && known.Name == asked.Context {
			c.repo.checks[sha][n] = check
			c.statusMade(sha, check)

			return
		}
	}

	c.repo.checks[sha] = append(c.repo.checks[sha], check)
	c.statusMade(sha, check)
}

// statusMade answers with a status that was just made, which names its maker.
func (c *call) statusMade(sha string, check Check) {
	shape := c.statusShape(sha, check)
	shape["creator"] = c.userShape(c.token.Login)
	c.ok(http.StatusCreated, shape)
}

func (c *call) statusShape(sha string, check Check) object {
	var description any
	if check.Title != "" {
		description = check.Title
	}

	return object{
		"url": c.repoURL(c.repo, "/statuses/%s", sha), "avatar_url": nil, "id": check.id, "node_id": nodeID("SC", check.id),
		"state": check.Conclusion, "description": description, "target_url": nil, "context": check.Name,
		"created_at": stamp(check.at), "updated_at": stamp(check.at),
	}
}

// listFiles are the files that a pull request changes.
func (c *call) listFiles() {
	if _, ok := c.query("page", "per_page"); !ok {
		return
	}

	i := c.pull()
	if i == nil {
		return
	}

	differ, ok := c.s.git.(Differ)
	if !ok {
		c.unknown("what a pull request changes")

		return
	}

	files, err := differ.Changed(c.repo.Name, i.pull.base.SHA, i.pull.head.SHA)
	if err != nil {
		c.fail(http.StatusUnprocessableEntity, err.Error())

		return
	}

	page(c, files, func(file string) object {
		blob := strings.Repeat("0", 40)

		return object{
			"sha": blob, "filename": file, "status": "modified", "additions": 1, "deletions": 1, "changes": 2,
			"blob_url":     c.html + "/" + c.repo.Name + "/blob/" + i.pull.head.SHA + "/" + file,
			"raw_url":      c.html + "/" + c.repo.Name + "/raw/" + i.pull.head.SHA + "/" + file,
			"contents_url": c.repoURL(c.repo, "/contents/%s?ref=%s", file, i.pull.head.SHA),
		}
	})
}

// Differ is a Git that can tell what a pull request changes.
type Differ interface {
	// Changed are the files that head changes since it left base.
	Changed(repo, base, head string) ([]string, error)
}
