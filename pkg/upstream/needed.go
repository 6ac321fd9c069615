package upstream

import (
	"path"
	"slices"
	"strings"
)

// topFiles are the files of the top folder that the readers use.
var topFiles = []string{
	".env.production.sample", ".nvmrc", ".ruby-version", "CHANGELOG.md", "Dockerfile", "Gemfile", "Gemfile.lock", "README.md",
	"Rakefile", "SECURITY.md", "Vagrantfile", "config.ru", "docker-compose.yml", "package.json", "vite.config.mts",
}

// folders are the folders that are read, with the endings of the files in them; "" is a file without an ending.
var folders = map[string][]string{
	"app":       {".rb", ".haml", ".erb"},
	"bin":       {""},
	"config":    {".rb", ".yml", ".js", ".ts"},
	"db":        {".rb"},
	"lib":       {".rb", ".rake"},
	"streaming": {".js", ".mjs", ".ts", "Dockerfile"},
}

// skipped are folders below those that hold nothing to read: translations, and code that a browser runs.
var skipped = []string{"app/javascript", "config/locales", "config/locales-glitch", "streaming/node_modules"}

// ForFacts are the files that the readers of facts use.
func ForFacts() Wanted { return Wanted{File: needed, Folder: enter} }

// onlyFile is one file of the top folder.
func onlyFile(name string) Wanted {
	return Wanted{File: func(path string) bool { return path == name }, Folder: func(string) bool { return false }}
}

// needed says that a reader uses the file.
func needed(file string) bool {
	top, _, below := strings.Cut(file, "/")
	if !below {
		return slices.Contains(topFiles, file)
	}
	if !enter(path.Dir(file)) {
		return false
	}
	return slices.ContainsFunc(folders[top], func(ending string) bool {
		return path.Ext(file) == ending || ending != "" && path.Base(file) == ending
	})
}

// enter says that a folder, or one below it, may hold files that are needed.
func enter(dir string) bool {
	top, _, _ := strings.Cut(dir, "/")
	if _, ok := folders[top]; !ok {
		return false
	}
	return !slices.ContainsFunc(skipped, func(s string) bool { return dir == s || strings.HasPrefix(dir, s+"/") })
}
