package githubtest

import (
	"net/http"
	"strconv"
	"strings"
)

// route is what is done where, and the permissions of which one suffices, in
// the words of GitHub's X-Accepted-GitHub-Permissions header.
type route struct {
	pattern string
	accepts string
	serve   func(*call)
}

const (
	readShared  = "issues=read; pull_requests=read"
	writeShared = "issues=write; pull_requests=write"
)

// routes are all that is known.
func (s *Server) routes() {
	for _, r := range []route{
		{"GET /user", "", (*call).getUser},
		{"GET /rate_limit", "", (*call).getRateLimit},
		{"GET /app/installations", "", (*call).listInstallations},
		{"GET /app/installations/{id}", "", (*call).getInstallation},
		{"POST /app/installations/{id}/access_tokens", "", (*call).createToken},
		{"GET /repos/{owner}/{name}/installation", "", (*call).findInstallation},
		{"GET /installation/repositories", "", (*call).listInstalled},
		{"GET /repos/{owner}/{repo}/contents/{path...}", "contents=read", (*call).getContents},
		{"POST /graphql", "", (*call).graphql},
		{"POST /api/graphql", "", (*call).graphql},
		{"GET /repos/{owner}/{repo}", "metadata=read", (*call).getRepository},
		{"GET /repos/{owner}/{repo}/pulls", "pull_requests=read", (*call).listPulls},
		{"POST /repos/{owner}/{repo}/pulls", "pull_requests=write", (*call).createPull},
		{"GET /repos/{owner}/{repo}/pulls/{number}", "pull_requests=read", (*call).getPull},
		{"PATCH /repos/{owner}/{repo}/pulls/{number}", "pull_requests=write", (*call).updatePull},
		{"PUT /repos/{owner}/{repo}/pulls/{number}/merge", "contents=write", (*call).mergePull},
		{"GET /repos/{owner}/{repo}/pulls/{number}/reviews", "pull_requests=read", (*call).listReviews},
		{"GET /repos/{owner}/{repo}/commits/{ref}/check-runs", "checks=read", (*call).listCheckRuns},
		{"GET /repos/{owner}/{repo}/commits/{ref}/status", "statuses=read", (*call).combinedStatus},
		{"POST /repos/{owner}/{repo}/pulls/{number}/requested_reviewers", "pull_requests=write", (*call).requestReviewers},
		{"POST /repos/{owner}/{repo}/git/blobs", "contents=write", (*call).createBlob},
		{"POST /repos/{owner}/{repo}/git/trees", "contents=write", (*call).createTree},
		{"POST /repos/{owner}/{repo}/git/commits", "contents=write", (*call).createCommit},
		{"POST /repos/{owner}/{repo}/issues", "issues=write", (*call).createIssue},
		{"GET /repos/{owner}/{repo}/issues", readShared, (*call).listIssues},
		{"PATCH /repos/{owner}/{repo}/issues/{number}", writeShared, (*call).updateIssue},
		{"GET /repos/{owner}/{repo}/issues/comments", readShared, (*call).listAllComments},
		{"DELETE /repos/{owner}/{repo}/issues/comments/{comment}", writeShared, (*call).deleteComment},
		{"POST /repos/{owner}/{repo}/issues/comments/{comment}/reactions", writeShared, (*call).react},
		{"GET /repos/{owner}/{repo}/collaborators/{login}/permission", "metadata=read", (*call).permission},
		{"GET /repos/{owner}/{repo}/pulls/{number}/files", "pull_requests=read", (*call).listFiles},
		{"POST /repos/{owner}/{repo}/check-runs", "checks=write", (*call).createRun},
		{"PATCH /repos/{owner}/{repo}/check-runs/{run}", "checks=write", (*call).updateRun},
		{"POST /repos/{owner}/{repo}/statuses/{sha}", "statuses=write", (*call).createStatus},
		{"GET /repos/{owner}/{repo}/issues/{number}", readShared, (*call).getIssue},
		{"GET /repos/{owner}/{repo}/issues/{number}/comments", readShared, (*call).listComments},
		{"POST /repos/{owner}/{repo}/issues/{number}/comments", writeShared, (*call).createComment},
		{"PATCH /repos/{owner}/{repo}/issues/comments/{comment}", writeShared, (*call).updateComment},
		{"GET /repos/{owner}/{repo}/issues/{number}/labels", readShared, (*call).listLabels},
		{"POST /repos/{owner}/{repo}/issues/{number}/labels", writeShared, (*call).addLabels},
		{"POST /repos/{owner}/{repo}/issues/{number}/assignees", writeShared, (*call).addAssignees},
		{"GET /repos/{owner}/{repo}/issues/{number}/events", "issues=read", (*call).listEvents},
	} {
		s.mux.Handle(r.pattern, r)
	}

	s.mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		w.(*call).unknown("the route")
	})
}

// ServeHTTP checks what every route checks, then serves. The writer is the call.
func (r route) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	c := w.(*call)
	c.r = req

	if strings.Contains(r.pattern, "{repo}") && !c.enter(r) {
		return
	}

	r.serve(c)
}

// enter finds the repository and checks that the token may do this there.
func (c *call) enter(r route) bool {
	name := c.r.PathValue("owner") + "/" + c.r.PathValue("repo")
	found := c.s.repos[strings.ToLower(name)]

	if !c.sees(found) {
		c.missing()

		return false
	}

	if !strings.EqualFold(found.Name, name) {
		c.moved(found, name)

		return false
	}

	c.repo = found

	if !c.may(r.accepts) {
		return false
	}

	if c.r.Method != http.MethodGet && found.Archived {
		c.fail(http.StatusForbidden, "Repository was archived so is read-only.")

		return false
	}

	return true
}

// moved leads a request for an old name on, as GitHub does after a rename.
func (c *call) moved(to *repository, name string) {
	path := strings.Replace(c.path, name, to.Name, 1)
	status := http.StatusMovedPermanently

	if c.r.Method != http.MethodGet {
		status = http.StatusTemporaryRedirect
	}

	url := c.api + path
	if c.r.URL.RawQuery != "" {
		url += "?" + c.r.URL.RawQuery
	}

	c.ok(status, object{"message": "Moved Permanently", "url": url, "documentation_url": "https://docs.github.com/rest"})
	c.answer.header.Set("Location", url)
}

// issue is the issue or pull request that the path names, or nil.
func (c *call) issue() *issue {
	number, err := strconv.Atoi(c.r.PathValue("number"))
	if err != nil {
		return nil
	}

	return c.repo.issues[number]
}

// pull is the pull request that the path names; it answers if there is none.
func (c *call) pull() *issue {
	i := c.issue()
	if i == nil || i.pull == nil {
		c.missing()

		return nil
	}

	return i
}

// either is the issue or pull request; it answers if there is none.
func (c *call) either() *issue {
	i := c.issue()
	if i == nil && c.transferred() {
		return nil
	}

	if i == nil {
		c.missing()
	}

	return i
}
