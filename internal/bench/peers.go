package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

const example = "examples/goingdark"

// bumpRace moves a copy of an example, and so do the tools that people use for
// it. Each of them is told what to change; bot finds it.
func bumpRace(dir, bot string) (race, error) {
	tree := filepath.Join(dir, "example")

	out, err := exec.Command("grep", "-rlF", "v4.4.3", example).Output() //nolint:noctx // a moment, before anything is measured
	if err != nil {
		return race{}, fmt.Errorf("finding the files that name the version: %w", err)
	}

	var files, manifests []string

	for name := range strings.FieldsSeq(string(out)) {
		name = filepath.Join(tree, strings.TrimPrefix(name, example+"/"))
		files = append(files, name)

		if strings.HasSuffix(name, ".yaml") {
			manifests = append(manifests, name)
		}
	}

	r := race{
		name: "bump in place", job: "move examples/goingdark to another release",
		prepare: func(context.Context) error { return fresh(tree) },
		lanes: []lane{
			{name: "bot bump", command: []string{bot, "bump", "v4.4.4", "--path", tree, "--offline"}},
			{name: "sed -i", command: append([]string{"sed", "-i", "s/v4\\.4\\.3/v4.4.4/g"}, files...)},
			{name: "bot version", command: []string{bot, "version"}},
		},
		sums: [][]int{{1, 2}},
	}

	if yq, here := found("yq"); here && mikefarah(yq) {
		const all = `(.. | select(tag == "!!str")) |= sub("v4\.4\.3", "v4.4.4")`
		r.lanes = append(r.lanes, lane{name: "yq -i (manifests, one process each)", command: []string{
			"sh", "-c", `for f; do "$0" -i '` + all + `' "$f" || exit 1; done`, yq,
		}, more: manifests})
	} else {
		r.missing = append(r.missing, "yq")
	}

	if kustomize, here := found("kustomize"); here {
		r.lanes = append(r.lanes, lane{
			name: "kustomize edit set image (both images)", dir: filepath.Join(tree, "k8s/applications/web/mastodon"),
			command: []string{
				kustomize, "edit", "set", "image", "ghcr.io/glitch-soc/mastodon=ghcr.io/glitch-soc/mastodon:v4.4.4",
				"ghcr.io/glitch-soc/mastodon-streaming=ghcr.io/glitch-soc/mastodon-streaming:v4.4.4",
			},
		})
	} else {
		r.missing = append(r.missing, "kustomize")
	}

	return r, nil
}

// mikefarah tells his yq from others of that name.
func mikefarah(yq string) bool {
	out, err := exec.Command(yq, "--version").Output() //nolint:noctx // a moment, before anything is measured

	return err == nil && strings.Contains(string(out), "mikefarah")
}

// extractRace finds what an example names, as Renovate does on a checkout.
func extractRace(ctx context.Context, dir, bot string) (race, error) {
	tree := filepath.Join(dir, "extract")
	if err := fresh(tree); err != nil {
		return race{}, err
	}

	r := race{
		name: "extract", job: "find what examples/goingdark names",
		lanes: []lane{{name: "bot scan", command: []string{bot, "scan", "--path", tree, "-o", "json"}}},
	}

	renovate, here := found("renovate")
	if !here {
		r.missing = append(r.missing, "renovate")

		return r, nil
	}

	if err := commitAll(ctx, tree); err != nil {
		return race{}, err
	}

	r.lanes = append(r.lanes, lane{
		name: "renovate --platform=local --dry-run=extract", dir: tree, command: []string{renovate, "--platform=local", "--dry-run=extract"},
		env: []string{`RENOVATE_CONFIG={"kubernetes":{"managerFilePatterns":["/\\.yaml$/"]},"enabledManagers":["kubernetes","kustomize"]}`},
	})

	return r, nil
}

// commitAll makes a folder a git repository with one commit, for Renovate asks git
// which files there are.
func commitAll(ctx context.Context, tree string) error {
	for _, args := range [][]string{{"init", "--quiet"}, {"add", "--all"}, {"commit", "--quiet", "--message", "example"}} {
		if _, err := git(ctx, filepath.Join(tree, ".git"), args...); err != nil {
			return err
		}
	}

	return nil
}

func found(program string) (path string, here bool) {
	path, err := exec.LookPath(program)

	return path, err == nil
}

// fresh is a copy of the example.
func fresh(tree string) error {
	if err := os.RemoveAll(tree); err != nil {
		return err
	}

	return os.CopyFS(tree, os.DirFS(example))
}
