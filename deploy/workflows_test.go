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

// workflow is what a file of .github/workflows says.
type workflow struct {
	Name        string
	On          yaml.Node
	Permissions map[string]string
	Jobs        map[string]struct {
		Needs       any
		Timeout     int `yaml:"timeout-minutes"`
		Permissions map[string]string
		Steps       []step
	}
}

func workflows(t *testing.T) map[string]workflow {
	t.Helper()

	found, err := filepath.Glob(filepath.Join(repository, ".github/workflows/*.yml"))
	if err != nil || len(found) < 2 {
		t.Fatalf("%v, %v", found, err)
	}

	all := map[string]workflow{}

	for _, file := range found {
		var w workflow

		decode(t, filepath.Join(".github/workflows", filepath.Base(file)), &w)
		all[filepath.Base(file)] = w
	}

	return all
}

// mayWrite is what each job may write beyond reading the source, and why is beside it in the workflow.
var mayWrite = map[string][]string{
	"release.yml archives": {"attestations", "contents", "id-token"},
	"release.yml image":    {"attestations", "id-token", "packages"},
}

func TestWorkflowsMayDoLittle(t *testing.T) {
	t.Parallel()

	for file, w := range workflows(t) {
		if !maps.Equal(w.Permissions, map[string]string{"contents": "read"}) {
			t.Errorf("%s: permissions %v, want contents: read alone", file, w.Permissions)
		}

		for name, job := range w.Jobs {
			var writes []string

			for what, access := range job.Permissions {
				if access != "read" {
					writes = append(writes, what)
				}
			}

			slices.Sort(writes)

			if !slices.Equal(writes, mayWrite[file+" "+name]) {
				t.Errorf("%s: the job %s may write %v, want %v", file, name, writes, mayWrite[file+" "+name])
			}

			if job.Timeout == 0 {
				t.Errorf("%s: the job %s has no timeout", file, name)
			}
		}
	}
}

var pinned = regexp.MustCompile(`^\s*(?:- )?uses: [\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$`)

// TestActionsArePinned: by the hash of a commit, with the version that it is beside it.
func TestActionsArePinned(t *testing.T) {
	t.Parallel()

	n, hashes := 0, map[string]string{}

	files := []string{"action.yml"}
	for file := range workflows(t) {
		files = append(files, filepath.Join(".github/workflows", file))
	}

	for _, file := range files {
		data, err := os.ReadFile(filepath.Join(repository, file))
		if err != nil {
			t.Fatal(err)
		}

		for line := range strings.Lines(string(data)) {
			line = strings.TrimRight(line, "\n")
			if !strings.Contains(line, "uses:") {
				continue
			}

			if n++; !pinned.MatchString(line) {
				t.Errorf("%s: %s: write the commit's hash, and its version as a comment", file, strings.TrimSpace(line))
			}

			_, at, _ := strings.Cut(line, "uses: ")
			name, hash, _ := strings.Cut(at, "@")

			if before, seen := hashes[name]; seen && before != hash {
				t.Errorf("%s: %s is pinned to %s elsewhere", file, at, before)
			}

			hashes[name] = hash
		}
	}

	if n < 8 {
		t.Errorf("%d actions found", n)
	}
}

var (
	targets  = regexp.MustCompile(`(?m)^([a-z][a-z-]*):`)
	makeCall = regexp.MustCompile(`\bmake((?: [a-z][a-z-]*)+)`)
	injected = regexp.MustCompile(`\$\{\{[^}]*\}\}`)
)

// TestWorkflowsCallWhatThereIs: targets of the Makefile, files of the tree; and no expression reaches a script as code.
func TestWorkflowsCallWhatThereIs(t *testing.T) {
	t.Parallel()

	data, err := os.ReadFile(filepath.Join(repository, "Makefile"))
	if err != nil {
		t.Fatal(err)
	}

	known := map[string]bool{}
	for _, m := range targets.FindAllStringSubmatch(string(data), -1) {
		known[m[1]] = true
	}

	for file, w := range workflows(t) {
		for name, job := range w.Jobs {
			for _, s := range job.Steps {
				for _, call := range makeCall.FindAllStringSubmatch(s.Run, -1) {
					for target := range strings.FieldsSeq(call[1]) {
						if !known[target] {
							t.Errorf("%s %s: the Makefile has no target %s", file, name, target)
						}
					}
				}

				if first, _, _ := strings.Cut(s.Run, " "); strings.HasPrefix(first, ".") {
					if info, err := os.Stat(filepath.Join(repository, first)); err != nil || info.Mode()&0o111 == 0 {
						t.Errorf("%s %s: %s cannot be run: %v", file, name, first, err)
					}
				}

				if found := injected.FindString(s.Run); found != "" {
					t.Errorf("%s %s: %s reaches a shell as code; give it as a variable", file, name, found)
				}
			}
		}
	}
}

// TestAReleaseIsSignedByDigestAndVerified: nothing is published before the tests, and what is signed is looked at again.
func TestAReleaseIsSignedByDigestAndVerified(t *testing.T) {
	t.Parallel()

	release := workflows(t)["release.yml"]

	for name, want := range map[string][]string{
		"archives": {"cosign verify-blob", "gh attestation verify", "sha256sum --check", "version | grep"},
		"image":    {`cosign sign --yes --recursive "$IMAGE@$DIGEST"`, `"$IMAGE@$DIGEST"`, "gh attestation verify", "version | grep"},
	} {
		job := release.Jobs[name]
		if job.Needs != "test" {
			t.Errorf("%s does not wait for the tests", name)
		}

		var run strings.Builder
		for _, s := range job.Steps {
			run.WriteString(s.Run + "\n")
		}

		for _, part := range want {
			if !strings.Contains(run.String(), part) {
				t.Errorf("%s does not run %s", name, part)
			}
		}
	}
}
