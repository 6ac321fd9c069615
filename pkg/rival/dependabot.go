package rival

import (
	"context"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/goingdark-social/bot/internal/node"
)

// dependabot judges the configuration that Dependabot reads.
func (t *tree) dependabot(_ context.Context, files []string) ([]Rival, error) {
	for _, name := range []string{".github/dependabot.yml", ".github/dependabot.yaml"} {
		if !slices.Contains(files, name) {
			continue
		}

		data, err := fs.ReadFile(t.fsys, name)
		if err != nil {
			return nil, err
		}

		return []Rival{t.judgeDependabot(name, data)}, nil
	}

	return nil, nil
}

func (t *tree) judgeDependabot(file string, data []byte) Rival {
	if len(data) > maxConfiguration {
		return t.rival(Dependabot, file, 1, Unknown, t.places, "its configuration is too large to be read")
	}

	docs, err := documents(data)
	if err != nil || len(docs) == 0 {
		return t.rival(Dependabot, file, 1, Unknown, t.places, "its configuration cannot be read as YAML")
	}

	root := docs[0]
	worst := outcome{Apart, 1, "none of its entries reads the places that name the images"}

	var moved []Place

	for _, p := range t.places {
		result := outcome{Apart, 1, ""}

		for _, entry := range items(node.Get(root, "updates")) {
			if o := judgeUpdate(node.Deref(entry), p); rank(o.verdict) > rank(result.verdict) {
				result = o
			}
		}

		if result.verdict.Rivals() {
			moved = append(moved, p)
		}

		if rank(result.verdict) > rank(worst.verdict) {
			worst = result
		}
	}

	if line, ok := idleIgnore(root, t.images); ok && worst.verdict.Rivals() {
		worst = outcome{Misses, line, "an ignored dependency is called as none of the images is: Dependabot's names have no registry"}
	}

	return t.rival(Dependabot, file, worst.line, worst.verdict, moved, worst.why)
}

// judgeUpdate is what one entry of "updates" does with a place.
func judgeUpdate(entry *yaml.Node, p Place) outcome {
	ecosystem := node.Text(node.Get(entry, "package-ecosystem"))
	if !ecosystemReads(ecosystem, path.Base(p.File)) || !inDirectories(entry, p.File) {
		return outcome{Apart, 1, ""}
	}

	if limit := node.Get(entry, "open-pull-requests-limit"); node.Text(limit) == "0" {
		return outcome{Excluded, line(limit), "it may open no pull requests"}
	}

	name := withoutHost(p.Image)

	if allow := items(node.Get(entry, "allow")); len(allow) > 0 && !slices.ContainsFunc(allow, admitsDependency(name)) {
		return outcome{Excluded, line(node.Get(entry, "allow")), "it may update other things alone"}
	}

	result := outcome{Moves, line(entry), fmt.Sprintf("its %s entry reads the places and ignores none of the images", ecosystem)}

	for _, ignored := range items(node.Get(entry, "ignore")) {
		if !names(ignored, name, p.Image) {
			continue
		}

		if node.Get(ignored, "versions") == nil && node.Get(ignored, "update-types") == nil {
			return outcome{Excluded, line(ignored), "it ignores the images"}
		}

		result = outcome{Moves, line(ignored), "it ignores some versions of the images and moves to others"}
	}

	return result
}

// ecosystemReads tells whether an ecosystem finds images in files of a name.
func ecosystemReads(ecosystem, base string) bool {
	yamls := strings.HasSuffix(base, ".yaml") || strings.HasSuffix(base, ".yml")
	compose := yamls && (strings.HasPrefix(base, "compose") || strings.HasPrefix(base, "docker-compose"))

	switch ecosystem {
	case "docker":
		docker := strings.Contains(strings.ToLower(base), "dockerfile") || strings.Contains(strings.ToLower(base), "containerfile")

		return docker || yamls && !compose && !strings.HasPrefix(base, "kustomization.")
	case "docker-compose":
		return compose
	case "helm":
		return yamls && strings.HasPrefix(base, "values")
	}

	return false
}

// inDirectories tells whether an entry looks at the folder of a file, and not away from it.
func inDirectories(entry *yaml.Node, file string) bool {
	for _, excluded := range texts(node.Get(entry, "exclude-paths")) {
		excluded = strings.TrimPrefix(excluded, "/")
		if matches, _ := matchExpression(file, globExpression(excluded, false)); matches || strings.HasPrefix(file, strings.TrimSuffix(excluded, "/")+"/") {
			return false
		}
	}

	dir := path.Join("/", path.Dir(file))

	return slices.ContainsFunc(append(texts(node.Get(entry, "directory")), texts(node.Get(entry, "directories"))...), func(pattern string) bool {
		matches, _ := matchExpression(dir, globExpression(path.Join("/", pattern), false))

		return matches
	})
}

// names tells whether an entry of allow or ignore is about a dependency under one of its names.
func names(n *yaml.Node, spellings ...string) bool {
	pattern := node.Text(node.Get(n, "dependency-name"))

	return pattern != "" && slices.ContainsFunc(spellings, func(name string) bool { return wildcard(pattern, name) })
}

func admitsDependency(name string) func(*yaml.Node) bool {
	return func(n *yaml.Node) bool {
		kind := node.Text(node.Get(n, "dependency-type"))

		return names(n, name) || node.Get(n, "dependency-name") == nil && kind != "" && kind != "indirect"
	}
}

// idleIgnore is the line of an ignored dependency that is called Mastodon and is none of the images.
func idleIgnore(root *yaml.Node, images []string) (int, bool) {
	for _, entry := range items(node.Get(root, "updates")) {
		for _, ignored := range items(node.Get(entry, "ignore")) {
			name := node.Text(node.Get(ignored, "dependency-name"))
			if !strings.Contains(strings.ToLower(name), "mastodon") {
				continue
			}

			if !slices.ContainsFunc(images, func(image string) bool { return names(ignored, withoutHost(image), image) }) {
				return line(ignored), true
			}
		}
	}

	return 0, false
}
