package patch

import (
	"path"
	"strings"
)

// globMatch matches a path with a glob in which ** stands for any number of folders, none included.
func globMatch(glob, name string) bool {
	return matchParts(strings.Split(glob, "/"), strings.Split(name, "/"))
}

func matchParts(glob, name []string) bool {
	if len(glob) == 0 {
		return len(name) == 0
	}

	if glob[0] == "**" {
		for i := range len(name) + 1 {
			if matchParts(glob[1:], name[i:]) {
				return true
			}
		}

		return false
	}

	if len(name) == 0 {
		return false
	}

	ok, err := path.Match(glob[0], name[0])

	return ok && err == nil && matchParts(glob[1:], name[1:])
}
