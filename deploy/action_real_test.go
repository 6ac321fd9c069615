//go:build real

package deploy_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestTheActionsScriptRunsNothingButBot runs the action's script as a runner
// does, around a program that prints what it is given.
func TestTheActionsScriptRunsNothingButBot(t *testing.T) {
	steps := readAction(t).Runs.Steps
	run := steps[slices.IndexFunc(steps, func(s step) bool { return s.Name == "Run bot" })]

	for name, c := range map[string]struct {
		inputs map[string]string
		want   string
	}{
		"defaults": {map[string]string{"command": "run", "repo": "example/gitops"}, "[run][--repo=example/gitops]"},
		"a tree":   {map[string]string{"command": "drift --path .", "repo": "example/gitops"}, "[drift][--path][.]"},
		"words":    {map[string]string{"command": "bump  v4.4.4 --dry-run", "repo": "example/gitops", "config": "a b.yaml"}, "[bump][v4.4.4][--dry-run][--repo=example/gitops][--config=a b.yaml]"},
		"hostile": {
			map[string]string{"command": "run $(touch pwned) *", "repo": "x/y;touch pwned", "config": "`touch pwned`\" \n-x"},
			"[run][$(touch][pwned)][*][--repo=x/y;touch pwned][--config=`touch pwned`\" \n-x]",
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			must(t, os.WriteFile(filepath.Join(dir, "goingdark-bot"), []byte("#!/bin/sh\nprintf '[%s]' \"$@\"\n"), 0o755))

			// As the runner starts `shell: bash`.
			cmd := exec.CommandContext(t.Context(), "bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", run.Run)
			cmd.Dir = dir
			cmd.Env = append(os.Environ(), "RUNNER_TEMP="+dir)

			for variable, value := range run.Env {
				name := inputName.FindStringSubmatch(value)[1]
				cmd.Env = append(cmd.Env, variable+"="+c.inputs[name])
			}

			out, err := cmd.CombinedOutput()
			if err != nil || string(out) != c.want {
				t.Errorf("%v\ngot  %q\nwant %q", err, out, c.want)
			}

			if files, _ := filepath.Glob(filepath.Join(dir, "*")); len(files) != 1 {
				t.Errorf("the inputs were run: %s", strings.Join(files, " "))
			}
		})
	}
}

// TestTheActionKeepsWhatIsFoundForCodeScanning: the output is a file, and the
// step ends as the program does.
func TestTheActionKeepsWhatIsFoundForCodeScanning(t *testing.T) {
	steps := readAction(t).Runs.Steps
	run := steps[slices.IndexFunc(steps, func(s step) bool { return s.Name == "Run bot" })]
	upload := steps[slices.IndexFunc(steps, func(s step) bool { return strings.HasPrefix(s.Uses, "github/codeql-action/upload-sarif@") })]

	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, "goingdark-bot"), []byte("#!/bin/sh\nprintf '[%s]' \"$@\"\nexit 2\n"), 0o755))

	cmd := exec.CommandContext(t.Context(), "bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", run.Run)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "RUNNER_TEMP="+dir, "BOT_COMMAND=drift", "BOT_REPO=example/gitops", "BOT_SARIF=true")

	out, _ := cmd.CombinedOutput()
	if len(out) > 0 || cmd.ProcessState.ExitCode() != 2 {
		t.Errorf("status %d, %q", cmd.ProcessState.ExitCode(), out)
	}

	name := strings.Replace(upload.With["sarif_file"], "${{ runner.temp }}", dir, 1)

	kept, err := os.ReadFile(name)
	if err != nil || string(kept) != "[drift][--repo=example/gitops][--output=sarif]" {
		t.Errorf("kept %q, %v", kept, err)
	}
}
