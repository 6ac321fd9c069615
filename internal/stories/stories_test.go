package stories_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/goingdark-social/bot/internal/faults/leaks"
	"github.com/goingdark-social/bot/internal/gittest"
	"github.com/goingdark-social/bot/internal/world"
	"github.com/goingdark-social/bot/pkg/effect"
)

// TestStories runs each story in a world of its own. Its git server is in this
// process, which halves the time: TestStoriesByGitHubsDescription tells the
// same stories with git's own server.
func TestStories(t *testing.T) {
	t.Parallel()

	tell(t, setupFast)
}

// tell runs the stories, each in the world that setup makes.
func tell(t *testing.T, setup func(*testscript.Env) error) {
	t.Helper()

	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		Cmds:                commands(),
		Setup:               setup,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       os.Getenv("UPDATE_STORIES") != "",
	})
}

// story is what a script works with.
type story struct {
	*world.World

	now          time.Time
	repository   string // its name today
	base         string // its default branch today
	mendRegistry func()
	seam         effect.Seam       // what the program's changes pass; nil: nothing
	effects      *effect.Recorder  // the changes that passed it
	stopper      *effect.Stopper   // where the program ends; nil: nowhere
	twiceAt      int               // the effect whose run is made twice; 0: none is
	through      http.RoundTripper // carries the program\'s requests; nil: the world\'s
	printed      strings.Builder   // what the program printed, where a test collects it
	mirror       *mirror           // shows the program what it sent; nil: none
	more         map[string]string // the environment beside the world's
	queue        string            // the address of one that repeats what it is sent, where a test has it
	canaries     []leaks.Secret    // the secrets of this story, where a test searches for them
	seen         map[string]string // what else was read, where a test searches it
}

type storyKey struct{}

// midday is when every story begins.
var midday = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func of(ts *testscript.TestScript) *story {
	s, _ := ts.Value(storyKey{}).(*story)

	return s
}

// setup makes the world with the script's folder tree/ as the repository.
func setup(env *testscript.Env, wrap func(http.Handler) http.Handler) error {
	return setupWorld(env, world.Options{Wrap: wrap})
}

func setupWorld(env *testscript.Env, o world.Options) error {
	s := &story{now: midday, repository: world.Repository, base: "main", effects: effect.NewRecorder(nil)}

	gitDir := filepath.Join(env.WorkDir, "git")
	if err := os.Mkdir(gitDir, 0o700); err != nil {
		return err
	}

	files, err := tree(env.WorkDir)
	if err != nil {
		return err
	}

	// What TestMain lets every program of these tests sign in with.
	o.RegistrySecrets = []string{canaryRegistry}
	o.Dir, o.Files, o.Now = gitDir, files, func() time.Time { return s.now }

	w, err := world.Start(context.Background(), o)
	if err != nil {
		return err
	}

	s.World = w
	env.Values[storyKey{}] = s
	env.Defer(func() { s.end(env) })

	return os.WriteFile(filepath.Join(env.WorkDir, "operator.yaml"), []byte(w.Operator()), 0o600)
}

// tree is the repository of a story: its folder tree/ or, where it has none,
// the standard one, on the version that its file on names (v4.4.3).
func tree(dir string) (fs.FS, error) {
	own := filepath.Join(dir, "tree")
	if _, err := os.Stat(own); err == nil {
		return os.DirFS(own), nil
	}

	on, err := os.ReadFile(filepath.Join(dir, "on"))
	if errors.Is(err, fs.ErrNotExist) {
		return os.DirFS(standard), nil
	}

	if err != nil {
		return nil, err
	}

	files := map[string]string{}

	err = fs.WalkDir(os.DirFS(standard), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}

		data, err := os.ReadFile(filepath.Join(standard, filepath.FromSlash(name)))
		files[name] = strings.ReplaceAll(string(data), "v4.4.3", strings.TrimSpace(string(on)))

		return err
	})

	return gittest.Files(files), err
}

var standard = filepath.Join("trees", "standard")

// end fails a story in which the program asked for what a stand-in does not
// know: then the story proves less than it says.
func (s *story) end(env *testscript.Env) {
	t := env.T()

	if unexpected := s.GitHub.Unexpected(); len(unexpected) > 0 {
		t.Fatal("GitHub was asked for what the stand-in does not know: " + strings.Join(unexpected, "; "))
	}

	for _, r := range s.Registry.Unexpected() {
		t.Fatal(fmt.Sprintf("the registry was asked for what it does not know: %s %s", r.Method, r.Path))
	}

	if err := s.Close(); err != nil {
		t.Fatal("ending the world: " + err.Error())
	}
}
