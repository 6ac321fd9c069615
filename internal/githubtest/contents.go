package githubtest

import (
	"crypto/sha1"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"path"
)

// Files is what a Git may be besides: one that knows what is in a branch.
type Files interface {
	// File is the content of a file at the tip of a branch of repo, "owner/name".
	File(repo, branch, name string) (content []byte, ok bool)
}

// getContents answers for single files.
func (c *call) getContents() {
	query, ok := c.query("ref")
	if !ok {
		return
	}

	files, ok := c.s.git.(Files)
	if !ok {
		c.unknown("the content of files")

		return
	}

	branch := query["ref"]
	if branch == "" {
		branch = c.repo.DefaultBranch
	}

	name := c.r.PathValue("path")

	content, ok := files.File(c.repo.Name, branch, name)
	if !ok {
		c.missing()

		return
	}

	sum := sha1.Sum(fmt.Appendf(nil, "blob %d\x00%s", len(content), content))
	sha := hex.EncodeToString(sum[:])
	here := c.repoURL(c.repo, "/contents/%s?ref=%s", name, branch)
	blob := c.repoURL(c.repo, "/git/blobs/%s", sha)
	page := c.html + "/" + c.repo.Name + "/blob/" + branch + "/" + name

	c.ok(http.StatusOK, object{
		"type": "file", "encoding": "base64", "size": len(content), "name": path.Base(name), "path": name, "sha": sha,
		"content": base64.StdEncoding.EncodeToString(content), "url": here, "git_url": blob, "html_url": page, "download_url": page,
		"_links": object{"self": here, "git": blob, "html": page},
	})
}
