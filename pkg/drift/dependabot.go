package drift

import (
	"io/fs"
	"path"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/goingdark-social/bot/pkg/drift/internal/node"
	"github.com/goingdark-social/bot/pkg/patch"
)

// dependabot finds its Docker updates of folders that name our images.
func (in *Input) dependabot(deps []dependency) []Finding {
	var out []Finding

	for _, file := range []string{".github/dependabot.yml", ".github/dependabot.yaml"} {
		data, err := fs.ReadFile(in.tree.FS, file)
		if err != nil {
			continue // there is none
		}

		docs, err := node.Documents(data)
		if err != nil || len(docs) == 0 {
			continue // Dependabot refuses it too
		}

		for _, update := range node.Items(node.Get(docs[0], "updates")) {
			if moved := updated(update, deps); len(moved) > 0 {
				line, _, _ := node.Find(update, "package-ecosystem")
				out = append(out, rival("Dependabot", moved, Place{file, line},
					"Add to this update: ignore: [{dependency-name: \""+strings.Join(images(moved), "\"}, {dependency-name: \"")+"\"}]."))
			}
		}
	}

	return out
}

// updated are the dependencies that one entry moves.
func updated(update *yaml.Node, deps []dependency) []dependency {
	ecosystem := node.Text(node.Get(update, "package-ecosystem"))
	folders := append(node.Texts(node.Get(update, "directories")), node.Text(node.Get(update, "directory")))

	return slices.DeleteFunc(slices.Clone(deps), func(d dependency) bool {
		compose := d.form == patch.Compose
		if ecosystem != "docker" && ecosystem != "docker-compose" || compose != (ecosystem == "docker-compose") {
			return true
		}

		in := slices.ContainsFunc(folders, func(f string) bool {
			return f != "" && globbed(strings.Trim(f, "/"), strings.TrimSuffix(path.Dir(d.file), "."))
		})

		return !in || ignored(update, d.image) || !allowed(update, d.image)
	})
}

// ignored tells a dependency that is left out whatever its version.
func ignored(update *yaml.Node, image string) bool {
	return slices.ContainsFunc(node.Items(node.Get(update, "ignore")), func(i *yaml.Node) bool {
		return named(i, image) && node.Get(i, "versions") == nil && node.Get(i, "update-types") == nil
	})
}

func allowed(update *yaml.Node, image string) bool {
	list := node.Items(node.Get(update, "allow"))

	return len(list) == 0 || slices.ContainsFunc(list, func(a *yaml.Node) bool {
		return node.Get(a, "dependency-name") == nil || named(a, image)
	})
}

// named holds a name against an image, with and without the registry, as Dependabot writes it.
func named(entry *yaml.Node, image string) bool {
	name := node.Text(node.Get(entry, "dependency-name"))
	_, short, _ := strings.Cut(image, "/")

	return name != "" && (globbed(name, image) || globbed(name, short))
}
