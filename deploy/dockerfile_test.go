package deploy_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/moby/patternmatcher"
	"github.com/moby/patternmatcher/ignorefile"
)

const repository = ".." // the root of this repository

// stages reads the Dockerfile as BuildKit does.
func stages(t *testing.T) (build, final instructions.Stage) {
	t.Helper()

	file, err := os.Open(filepath.Join(repository, "Dockerfile"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()

	parsed, err := parser.Parse(file)
	if err != nil {
		t.Fatal(err)
	}

	for _, w := range parsed.Warnings {
		t.Errorf("Dockerfile: %s", w.Short)
	}

	all, _, err := instructions.Parse(parsed.AST, nil)
	if err != nil {
		t.Fatal(err)
	}

	if len(all) != 2 {
		t.Fatalf("%d stages, want 2", len(all))
	}

	return all[0], all[1]
}

// each gives the commands of a kind in a stage.
func each[C instructions.Command](s instructions.Stage) []C {
	var out []C

	for _, c := range s.Commands {
		if is, ok := c.(C); ok {
			out = append(out, is)
		}
	}

	return out
}

// building is the command that makes the program.
func building(t *testing.T, build instructions.Stage) string {
	t.Helper()

	for _, run := range each[*instructions.RunCommand](build) {
		if line := strings.Join(run.CmdLine, " "); strings.Contains(line, "go build") {
			return line
		}
	}

	t.Fatal("no RUN builds the program")

	return ""
}

func TestTheImageIsBuiltForEveryPlatformWithoutEmulation(t *testing.T) {
	t.Parallel()

	build, _ := stages(t)
	if build.Platform != "$BUILDPLATFORM" {
		t.Errorf("the build runs on %q", build.Platform)
	}

	line := building(t, build)
	for _, want := range []string{"CGO_ENABLED=0", "GOOS=$TARGETOS", "GOARCH=$TARGETARCH", "-trimpath", "-o /out/bot"} {
		if !strings.Contains(line, want) {
			t.Errorf("%q lacks %s", line, want)
		}
	}

	var declared []string
	for _, arg := range each[*instructions.ArgCommand](build) {
		for _, a := range arg.Args {
			declared = append(declared, a.Key)
		}
	}

	if want := []string{"TARGETOS", "TARGETARCH", "VERSION"}; !slices.Equal(declared, want) {
		t.Errorf("ARG %v, want %v", declared, want)
	}

	data, err := os.ReadFile(filepath.Join(repository, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}

	_, after, _ := strings.Cut(string(data), "\ngo ")
	line, _, _ = strings.Cut(after, "\n")

	// The image of 1.26 has the newest 1.26.x, so the line decides.
	if parts := strings.Split(line, "."); !strings.HasPrefix(build.BaseName, "golang:"+parts[0]+"."+parts[1]+"-") {
		t.Errorf("built with %s, go.mod wants go %s", build.BaseName, line)
	}
}

func TestTheImageHoldsTheProgramAndCertificatesAlone(t *testing.T) {
	t.Parallel()

	build, final := stages(t)
	if final.BaseName != "scratch" {
		t.Errorf("FROM %s, want scratch", final.BaseName)
	}

	var copied []string

	for _, c := range each[*instructions.CopyCommand](final) {
		if c.From != build.Name {
			t.Errorf("COPY %v is not from the build", c.SourcePaths)
		}

		copied = append(copied, c.SourcePaths...)
	}

	if want := []string{"/etc/ssl/certs/ca-certificates.crt", "/out/bot"}; !slices.Equal(copied, want) {
		t.Errorf("copied %v, want %v", copied, want)
	}

	users := each[*instructions.UserCommand](final)
	if len(users) != 1 {
		t.Fatalf("USER %v", users)
	}

	// Kubernetes' runAsNonRoot believes numbers alone.
	user, _, _ := strings.Cut(users[0].User, ":")
	if n, err := strconv.Atoi(user); err != nil || n == 0 {
		t.Errorf("USER %s is not a number above 0", users[0].User)
	}

	entry := each[*instructions.EntrypointCommand](final)
	if len(entry) != 1 || entry[0].PrependShell || !slices.Equal(entry[0].CmdLine, []string{"/bot"}) {
		t.Errorf("ENTRYPOINT %v", entry)
	}

	for _, stage := range []instructions.Stage{build, final} {
		if strings.Contains(stage.BaseName, "@") {
			t.Errorf("%s names a digest that nobody keeps up to date", stage.BaseName)
		}
	}
}

// needed are the files that the build of the program reads, by the go command's
// own account, relative to the repository.
func needed(t *testing.T) []string {
	t.Helper()

	root, err := filepath.Abs(repository)
	if err != nil {
		t.Fatal(err)
	}

	cmd := exec.CommandContext(t.Context(), "go", "list", "-deps", "-json=Dir,Module,GoFiles,EmbedFiles,SFiles", "./cmd/bot")
	cmd.Dir, cmd.Stderr = root, os.Stderr

	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}

	files := []string{"go.mod", "go.sum"}

	for dec := json.NewDecoder(strings.NewReader(string(out))); dec.More(); {
		var p struct {
			Dir    string `json:"Dir"`
			Module *struct {
				Main bool `json:"Main"`
			} `json:"Module"`
			GoFiles    []string `json:"GoFiles"`
			EmbedFiles []string `json:"EmbedFiles"`
			SFiles     []string `json:"SFiles"`
		}

		if err := dec.Decode(&p); err != nil {
			t.Fatal(err)
		}

		if p.Module == nil || !p.Module.Main {
			continue
		}

		dir, err := filepath.Rel(root, p.Dir)
		if err != nil {
			t.Fatal(err)
		}

		for _, name := range slices.Concat(p.GoFiles, p.EmbedFiles, p.SFiles) {
			files = append(files, filepath.Join(dir, name))
		}
	}

	return files
}

// ignored reads .dockerignore as BuildKit does.
func ignored(t *testing.T) func(file string) bool {
	t.Helper()

	file, err := os.Open(filepath.Join(repository, ".dockerignore"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()

	patterns, err := ignorefile.ReadAll(file)
	if err != nil {
		t.Fatal(err)
	}

	matcher, err := patternmatcher.New(patterns)
	if err != nil {
		t.Fatal(err)
	}

	return func(file string) bool {
		t.Helper()

		out, err := matcher.MatchesOrParentMatches(file)
		if err != nil {
			t.Fatal(err)
		}

		return out
	}
}

func TestTheBuildIsGivenWhatItNeedsAndNoMore(t *testing.T) {
	t.Parallel()

	out := ignored(t)

	files := needed(t)
	if len(files) < 50 {
		t.Fatalf("the go command names %d files", len(files))
	}

	for _, file := range files {
		if out(file) {
			t.Errorf(".dockerignore keeps %s from the build, which needs it", file)
		}
	}

	for _, file := range []string{
		".git/config", ".env", "bot", "deploy/base/config.yaml", "github-token", "app.pem", "operator.yaml",
		"docs/architecture.md", "pkg/version/version_test.go", "pkg/config/testdata/valid/operator-design.yaml",
	} {
		if !out(file) {
			t.Errorf(".dockerignore lets %s through", file)
		}
	}
}

// TestTheProgramBringsItsTimeZones: the image has none.
func TestTheProgramBringsItsTimeZones(t *testing.T) {
	t.Parallel()

	cmd := exec.CommandContext(t.Context(), "go", "list", "-deps", "./cmd/bot")
	cmd.Dir = repository

	packages, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}

	if !slices.Contains(strings.Fields(string(packages)), "time/tzdata") {
		t.Error("time/tzdata is not linked into the program")
	}
}

// TestTheVersionIsWrittenWhereItIsRead: the linker says nothing of a variable
// that is not there.
func TestTheVersionIsWrittenWhereItIsRead(t *testing.T) {
	t.Parallel()

	build, _ := stages(t)
	line := building(t, build)

	found := regexp.MustCompile(`-X github\.com/goingdark-social/bot/([a-z/]+)\.([A-Za-z]+)=\$VERSION`).FindStringSubmatch(line)
	if found == nil {
		t.Fatalf("%q sets no version", line)
	}

	files, err := filepath.Glob(filepath.Join(repository, found[1], "*.go"))
	if err != nil {
		t.Fatal(err)
	}

	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}

		if strings.Contains(string(data), "\nvar "+found[2]+" string\n") {
			return
		}
	}

	t.Errorf("no file of %s has the variable %s", found[1], found[2])
}
