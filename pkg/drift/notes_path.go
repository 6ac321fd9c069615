package drift

import (
	"path"
	"slices"
	"strings"

	"github.com/goingdark-social/bot/pkg/layout"
)

// resolve finds the file that a path in the notes means: from the repository's root, the notes' folder, the application's roots; where
// only a part of the repository is at hand, by its longest tail.
func (n notes) resolve(p string) (string, bool) {
	p = path.Clean(strings.TrimLeft(p, "/"))
	candidates := []string{p, path.Join(path.Dir(n.file), p)}

	for _, root := range n.in.Application.Roots {
		candidates = append(candidates, path.Join(root, p))
	}

	if top, _, _ := strings.Cut(p, "/"); !n.in.tree.Layout.Has(top) {
		for tail := p; strings.Contains(tail, "/"); {
			_, tail, _ = strings.Cut(tail, "/")
			candidates = append(candidates, tail)
		}
	}

	for _, c := range candidates {
		if slices.Contains(n.in.files, c) {
			return c, true
		}
	}

	return n.suffixed(p)
}

// suffixed finds the only file of the application whose path ends so: people leave out the folders that all files share.
func (n notes) suffixed(p string) (string, bool) {
	found := ""

	for _, file := range n.in.files {
		if !strings.HasSuffix(file, "/"+p) || !n.in.near(file) {
			continue
		}

		if found != "" {
			return "", false
		}

		found = file
	}

	return found, found != ""
}

// moved finds where the file of a fragment is now: one of the same name, or one alone that the fragment fits.
func (n notes) moved(f fragment) (string, bool) {
	if f.node == nil {
		return "", false
	}

	var same, fit, sameFit []string

	for _, file := range n.in.files {
		if !strings.HasSuffix(file, ".yaml") && !strings.HasSuffix(file, ".yml") || n.others(file) || !n.in.near(file) {
			continue
		}

		named := path.Base(file) == path.Base(f.path)
		fits := len(compare(f.node, n.in.sources.read(file)).bad) == 0

		switch {
		case named && fits:
			sameFit = append(sameFit, file)
		case named:
			same = append(same, file)
		case fits && leaves(f.node) > 1:
			fit = append(fit, file)
		}
	}

	for _, list := range [][]string{sameFit, same, fit} {
		if len(list) == 1 {
			return list[0], true
		}

		if len(list) > 1 {
			break
		}
	}

	return "", false
}

// near tells a file that the application applies.
func (in *Input) near(file string) bool {
	return in.reaches(file) || slices.Contains(in.Application.Files, file) && in.applied(file)
}

// mine tells that a path of the notes is this application's: it lies in one of its folders, or there is no other application.
func (n notes) mine(p string) bool {
	if len(n.in.foreign) == 0 {
		return true
	}

	return slices.ContainsFunc(n.in.Application.Roots, func(root string) bool { return layout.Within(root, strings.TrimLeft(p, "/")) })
}
