package layout

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// connect resolves what each kustomization names.
func (l *Layout) connect(all []*Kustomization) {
	slices.SortFunc(all, func(a, b *Kustomization) int { return strings.Compare(a.File, b.File) })

	for _, k := range all {
		if other, twice := l.kustomizations[k.Dir]; twice {
			l.problemf(k.File, 0, "%s is a kustomization of the same folder; kustomize takes neither", path.Base(other.File))

			continue
		}

		l.kustomizations[k.Dir] = k
	}

	for _, k := range all {
		for _, e := range k.entries {
			l.resolve(k, e)
		}
	}
}

func (l *Layout) resolve(k *Kustomization, e entry) {
	target, found := l.locate(path.Join(k.Dir, e.path))

	switch {
	case found && !path.IsAbs(e.path):
	case e.kind == chart:
		return
	case remote(e.path):
		k.Remote = append(k.Remote, e.path)

		return
	default:
		l.problemf(k.File, e.line, "%s is not in this tree", e.path)

		return
	}

	switch e.kind {
	case resource:
		k.Resources = append(k.Resources, target)
	case component:
		k.Components = append(k.Components, target)
	case patch:
		k.Patches = append(k.Patches, target)
		k.Inputs = append(k.Inputs, target)
	default:
		k.Inputs = append(k.Inputs, target)
	}

	l.parents[target] = append(l.parents[target], k.Dir)
}

// remote tells what kustomize would fetch: a URL, an scp-like address, a query, or a host with a dot before the first slash.
func remote(p string) bool {
	host, _, slash := strings.Cut(p, "/")

	return strings.Contains(p, "://") || strings.Contains(p, "?") || strings.Contains(host, "@") || strings.Contains(host, ":") ||
		slash && strings.Contains(strings.TrimLeft(host, "."), ".")
}

// locate finds the file or folder that a path leads to, through links inside the tree.
func (l *Layout) locate(p string) (string, bool) {
	for range 40 {
		if p == ".." || strings.HasPrefix(p, "../") || path.IsAbs(p) {
			return "", false
		}

		if l.known[p] || l.folders[p] {
			return p, true // what is listed is no link, and a folder is known by the files in it
		}

		through, ok := l.throughLink(p)
		if !ok {
			return "", false
		}

		p = through
	}

	return "", false
}

// throughLink replaces the first element of a path that is a link by where it leads.
func (l *Layout) throughLink(p string) (string, bool) {
	for i := range len(p) {
		if p[i] != '/' {
			continue
		}

		if target, ok := l.links(p[:i]); ok {
			return path.Join(path.Dir(p[:i]), target, p[i:]), !path.IsAbs(target)
		}
	}

	target, ok := l.links(p)

	return path.Join(path.Dir(p), target), ok && !path.IsAbs(target)
}

func readLinks(fsys fs.FS) func(string) (string, bool) {
	linked, ok := fsys.(fs.ReadLinkFS)
	if !ok {
		return func(string) (string, bool) { return "", false }
	}

	return func(name string) (string, bool) {
		if !fs.ValidPath(name) {
			return "", false
		}

		target, err := linked.ReadLink(name)

		return path.Clean(target), err == nil
	}
}

// name notes the folders and files that objects name.
func (l *Layout) name(objects []Object) {
	slices.SortFunc(objects, func(a, b Object) int { return strings.Compare(a.File, b.File)*2 + min(1, max(-1, a.Line-b.Line)) })

	for _, o := range objects {
		for _, pattern := range o.paths {
			for _, folder := range l.match(pattern) {
				if !o.leavesOut(folder) {
					l.named[folder] = append(l.named[folder], o)
				}
			}
		}
	}
}

func (o Object) leavesOut(folder string) bool {
	return slices.ContainsFunc(o.not, func(pattern string) bool {
		ok, err := path.Match(pattern, folder)

		return ok && err == nil
	})
}

func (l *Layout) match(pattern string) []string {
	if !strings.ContainsAny(pattern, "*?[") {
		if folder, ok := l.locate(pattern); ok && l.folders[folder] {
			return []string{folder}
		}

		return nil
	}

	var folders []string

	for folder := range l.folders {
		if ok, err := path.Match(pattern, folder); ok && err == nil {
			folders = append(folders, folder)
		}
	}

	return slices.Sorted(slices.Values(folders))
}

func (l *Layout) problemf(file string, line int, format string, args ...any) {
	l.problems = append(l.problems, Problem{File: file, Line: line, Message: fmt.Sprintf(format, args...)})
}
