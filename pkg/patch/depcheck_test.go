package patch_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// TestBorders holds the package to what it must not know. kyaml is allowed whatever it brings along; of our own packages none may
// import the network, git or GitHub, directly or through another library.
func TestBorders(t *testing.T) {
	t.Parallel()

	const module = "github.com/goingdark-social/bot/"

	list := func(args ...string) []string {
		out, err := exec.CommandContext(t.Context(), "go", append([]string{"list"}, args...)...).CombinedOutput()
		if err != nil {
			t.Fatalf("go list: %v\n%s", err, out)
		}

		return strings.Fields(string(out))
	}

	deps := list("-deps", ".")
	for _, dep := range deps {
		for _, foreign := range []string{"github.com/go-git/", "github.com/google/go-github/", "github.com/google/go-containerregistry/", "k8s.io/client-go"} {
			if strings.HasPrefix(dep, foreign) {
				t.Errorf("imports %s", dep)
			}
		}
	}

	ours := slices.DeleteFunc(deps, func(dep string) bool { return !strings.HasPrefix(dep, module) })
	allowed := []string{module + "internal/gfm", module + "internal/lazyre", module + "internal/weigh", module + "internal/node", module + "pkg/version", module + "pkg/layout", module + "pkg/patch/internal/source", module + "pkg/patch"}

	for _, dep := range ours {
		if !slices.Contains(allowed, dep) {
			t.Errorf("imports %s", dep)
		}

		for _, direct := range list("-f", `{{join .Imports " "}}`, dep) {
			if slices.Contains([]string{"net", "net/http", "os/exec", "os"}, direct) {
				t.Errorf("%s imports %s", dep, direct)
			}
		}
	}
}
