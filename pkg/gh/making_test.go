package gh_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/goingdark-social/bot/internal/githubtest"
	"github.com/goingdark-social/bot/pkg/gh"
)

// shelf is a git that keeps no more than a test asks about.
type shelf struct {
	*githubtest.Branches

	tree  string
	files []githubtest.TreeFile
	made  []githubtest.NewCommit
	refs  map[string]string
}

func (s *shelf) Blob(_ string, content []byte) (string, error) {
	return "blob-of-" + string(content), nil
}

func (s *shelf) Tree(_, _ string, files []githubtest.TreeFile) (string, error) {
	s.files = files

	return s.tree, nil
}

func (s *shelf) Commit(_ string, c githubtest.NewCommit) (string, error) {
	s.made = append(s.made, c)

	return "made", nil
}

func (s *shelf) Move(_, ref, before, after string) error {
	if s.refs[ref] != before {
		return errors.New("moved")
	}

	s.refs[ref] = after

	return nil
}

func TestMake(t *testing.T) {
	t.Parallel()

	s := &shelf{Branches: githubtest.NewBranches(), tree: "tree-2", refs: map[string]string{}}
	server := githubtest.New(githubtest.Options{Git: s})
	server.AddToken(githubtest.Token{Value: secret, Login: "goingdark-bot[bot]", App: true, Permissions: githubtest.Writer()})
	server.AddRepository(githubtest.Repository{Name: "example/infra"})

	c, err := gh.New(gh.Options{Token: tokenOf(secret), Transport: githubtest.Transport(server)})
	if err != nil {
		t.Fatal(err)
	}

	r, err := c.Repository(t.Context(), "example/infra")
	if err != nil || r.NodeID == "" {
		t.Fatalf("%+v, %v", r, err)
	}

	m := gh.Making{
		Repository: r.NodeID, Base: "base", BaseTree: "tree-1", Tree: "tree-2", Message: "a change", Branch: "bot/mastodon/patch",
		Files: []gh.MadeFile{{Path: "a.yaml", Content: []byte("x")}, {Path: "run.sh", Content: []byte("y"), Executable: true}},
	}

	sha, err := c.Make(t.Context(), "example/infra", m)
	if err != nil || sha != "made" || s.refs["refs/heads/bot/mastodon/patch"] != "made" {
		t.Fatalf("%q, %v, %v", sha, err, s.refs)
	}

	if len(s.files) != 2 || s.files[0].Mode != "100644" || s.files[1].Mode != "100755" || s.made[0].Parents[0] != "base" || !s.made[0].Signed {
		t.Errorf("%+v %+v", s.files, s.made)
	}

	_, err = c.Make(t.Context(), "example/infra", m)
	if moved, ok := errors.AsType[*gh.MovedError](err); !ok || moved.Branch != m.Branch {
		t.Errorf("a branch that is there by now: %v", err)
	}

	m.Lease, m.Tree = "made", "another"
	if _, err = c.Make(t.Context(), "example/infra", m); err == nil || !strings.Contains(err.Error(), "another was computed here") {
		t.Errorf("a tree that was not meant: %v", err)
	}

	if s.refs["refs/heads/bot/mastodon/patch"] != "made" {
		t.Error("the branch moved")
	}

	v, err := c.Viewer(t.Context())
	if err != nil || v.Login != "goingdark-bot[bot]" || !strings.HasSuffix(v.Email(), "+goingdark-bot[bot]@users.noreply.github.com") {
		t.Errorf("%+v, %v", v, err)
	}
}
