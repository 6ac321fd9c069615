package githubtest

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
)

// Objects is a Git that can be written by the API too.
type Objects interface {
	// Blob keeps a content and returns its name.
	Blob(repo string, content []byte) (sha string, err error)
	// Tree is the tree base with files put in.
	Tree(repo, base string, files []TreeFile) (sha string, err error)
	// Commit makes one; GitHub signs those of Apps.
	Commit(repo string, c NewCommit) (sha string, err error)
	// Move sets a reference, if it is at before; "" for one that must not exist.
	Move(repo, ref, before, after string) error
}

// TreeFile is one file of a tree.
type TreeFile struct{ Path, Mode, SHA string }

// NewCommit is a commit to be made.
type NewCommit struct {
	Tree, Message, Name, Email string
	Parents                    []string
	Signed                     bool
}

func (c *call) objects() (Objects, bool) {
	o, ok := c.s.git.(Objects)
	if !ok {
		c.unknown("the route: this world has no git objects")
	}

	return o, ok
}

func (c *call) createBlob() {
	var asked struct {
		Content  string `json:"content"`
		Encoding string `json:"encoding"`
	}

	git, ok := c.objects()
	if !ok || !c.decode(&asked) {
		return
	}

	content := []byte(asked.Content)

	if asked.Encoding == "base64" {
		var err error
		if content, err = base64.StdEncoding.DecodeString(asked.Content); err != nil {
			c.fail(http.StatusUnprocessableEntity, "content is not valid Base64")

			return
		}
	}

	sha, err := git.Blob(c.repo.Name, content)
	c.created(sha, err, object{"sha": sha, "url": c.repoURL(c.repo, "/git/blobs/%s", sha)})
}

func (c *call) createTree() {
	var asked struct {
		Base string `json:"base_tree"`
		Tree []struct {
			Path string `json:"path"`
			Mode string `json:"mode"`
			Type string `json:"type"`
			SHA  string `json:"sha"`
		} `json:"tree"`
	}

	git, ok := c.objects()
	if !ok || !c.decode(&asked) {
		return
	}

	var (
		files  []TreeFile
		shapes = []object{}
	)

	for _, f := range asked.Tree {
		files = append(files, TreeFile{f.Path, f.Mode, f.SHA})
		shapes = append(shapes, object{"path": f.Path, "mode": f.Mode, "type": f.Type, "sha": f.SHA, "size": 1, "url": c.repoURL(c.repo, "/git/blobs/%s", f.SHA)})
	}

	sha, err := git.Tree(c.repo.Name, asked.Base, files)
	c.created(sha, err, object{"sha": sha, "url": c.repoURL(c.repo, "/git/trees/%s", sha), "tree": shapes, "truncated": false})
}

func (c *call) createCommit() {
	var asked struct {
		Message string   `json:"message"`
		Tree    string   `json:"tree"`
		Parents []string `json:"parents"`
	}

	git, ok := c.objects()
	if !ok || !c.decode(&asked) {
		return
	}

	who := c.s.user(c.token.Login)
	commit := NewCommit{
		Tree: asked.Tree, Message: asked.Message, Parents: asked.Parents, Signed: c.token.App,
		Name: who.login, Email: fmt.Sprintf("%d+%s@users.noreply.github.com", who.id, who.login),
	}

	sha, err := git.Commit(c.repo.Name, commit)
	at := stamp(c.s.time())
	person := object{"name": commit.Name, "email": commit.Email, "date": at}
	parents := []object{}

	for _, p := range asked.Parents {
		parents = append(parents, object{"sha": p, "url": c.repoURL(c.repo, "/git/commits/%s", p), "html_url": c.html + "/" + c.repo.Name + "/commit/" + p})
	}

	c.created(sha, err, object{
		"sha": sha, "node_id": "C_" + sha, "url": c.repoURL(c.repo, "/git/commits/%s", sha), "html_url": c.html + "/" + c.repo.Name + "/commit/" + sha,
		"author": person, "committer": person, "message": asked.Message, "parents": parents,
		"tree": object{"sha": asked.Tree, "url": c.repoURL(c.repo, "/git/trees/%s", asked.Tree)},
		"verification": object{
			"verified": commit.Signed, "reason": map[bool]string{true: "valid", false: "unsigned"}[commit.Signed], "signature": nil, "payload": nil, "verified_at": nil,
		},
	})
}

func (c *call) created(sha string, err error, shape object) {
	if err != nil || sha == "" {
		c.fail(http.StatusUnprocessableEntity, fmt.Sprint("Object does not exist: ", err))

		return
	}

	c.ok(http.StatusCreated, shape)
}

// viewer answers who the token is of.
func (c *call) viewer() {
	who := c.s.user(c.token.Login)
	c.ok(http.StatusOK, object{"data": object{"viewer": object{"login": who.login, "databaseId": who.id}}})
}

// updateRefs moves one reference, as the program asks for it: forced, and only
// from where it is expected.
func (c *call) updateRefs(variables map[string]string) {
	for _, r := range c.s.repos {
		if nodeID("R", r.id) == variables["id"] {
			c.repo = r
		}
	}

	git, ok := c.s.git.(Objects)

	switch {
	case c.repo == nil || !ok:
		c.refuseGraphQL("NOT_FOUND", "Could not resolve to a node with the global id of '"+variables["id"]+"'.")

		return
	case !c.has("contents", true):
		c.refuseGraphQL("FORBIDDEN", "Resource not accessible by integration")

		return
	}

	before := strings.Trim(variables["before"], "0")
	if before != "" {
		before = variables["before"]
	}

	if err := git.Move(c.repo.Name, variables["name"], before, variables["after"]); err != nil {
		c.refuseGraphQL("UNPROCESSABLE", "Reference update failed: "+cmp.Or(err.Error(), "moved"))

		return
	}

	c.ok(http.StatusOK, object{"data": object{"updateRefs": object{"clientMutationId": nil}}})
}
