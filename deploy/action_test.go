package deploy_test

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// action is what action.yml says.
type action struct {
	Name, Description string
	Inputs            map[string]struct {
		Description string
		Default     *string
		Required    bool
	}
	Runs struct {
		Using string
		Steps []step
	}
}

type step struct {
	Name, ID, Uses, Shell, Run string
	Env                        map[string]string
	With                       map[string]string
}

func readAction(t *testing.T) action {
	t.Helper()

	var a action

	decode(t, "action.yml", &a)

	return a
}

// decode reads YAML and refuses what v does not know.
func decode(t *testing.T, file string, v any) {
	t.Helper()

	f, err := os.Open(filepath.Join(repository, file))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()

	if err := yaml.NewDecoder(f).Decode(v); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
}

var (
	expression = regexp.MustCompile(`\$\{\{\s*(.*?)\s*\}\}`)
	inputName  = regexp.MustCompile(`inputs\.([a-z-]+)`)
)

func TestTheActionUsesEachInputAndNoneAsCode(t *testing.T) {
	t.Parallel()

	a := readAction(t)
	if a.Runs.Using != "composite" {
		t.Errorf("using %q: it must run without Docker", a.Runs.Using)
	}

	used := map[string]bool{}

	for _, s := range a.Runs.Steps {
		if expression.MatchString(s.Run) {
			t.Errorf("%s: an expression in a script is code that somebody else writes: %s", s.Name, expression.FindString(s.Run))
		}

		if s.Run != "" && s.Shell != "bash" {
			t.Errorf("%s: shell %q", s.Name, s.Shell)
		}

		for _, values := range []map[string]string{s.Env, s.With} {
			for _, v := range values {
				for _, m := range inputName.FindAllStringSubmatch(v, -1) {
					used[m[1]] = true
				}
			}
		}

		for name := range s.Env {
			if !strings.Contains(s.Run, "$"+name) && !strings.HasSuffix(name, "_TOKEN") {
				t.Errorf("%s: the script does not use %s", s.Name, name)
			}
		}
	}

	if declared := slices.Sorted(maps.Keys(a.Inputs)); !slices.Equal(declared, slices.Sorted(maps.Keys(used))) {
		t.Errorf("inputs declared: %v, used: %v", declared, slices.Sorted(maps.Keys(used)))
	}

	for name, input := range a.Inputs {
		if input.Description == "" || input.Default == nil {
			t.Errorf("input %s has no description or no default", name)
		}
	}
}

// TestTheExampleWorkflowFitsTheAction: it gives inputs that there are, and the
// permissions that the default token needs.
func TestTheExampleWorkflowFitsTheAction(t *testing.T) {
	t.Parallel()

	var workflow struct {
		Permissions map[string]string
		Jobs        map[string]struct{ Steps []step }
	}

	decode(t, "deploy/github/bot.yml", &workflow)

	if want := map[string]string{"contents": "write", "pull-requests": "write"}; !maps.Equal(workflow.Permissions, want) {
		t.Errorf("permissions = %v, want %v", workflow.Permissions, want)
	}

	a, found := readAction(t), false

	for _, s := range workflow.Jobs["run"].Steps {
		if !strings.HasPrefix(s.Uses, "goingdark-social/bot@v") {
			continue
		}

		found = true

		for name := range s.With {
			if _, ok := a.Inputs[name]; !ok {
				t.Errorf("the action has no input %s", name)
			}
		}
	}

	if !found {
		t.Error("the workflow does not use the action")
	}
}
