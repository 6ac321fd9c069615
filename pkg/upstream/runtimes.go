package upstream

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/goingdark-social/bot/internal/lazyre"
	"github.com/goingdark-social/bot/pkg/upstream/facts"
)

// statement is where a version is said: the first line of a file that fits.
type statement struct {
	name    string
	file    string
	pattern *lazyre.Regexp
}

// runtimeStatements are tried in order: for a name that comes twice the first that is found counts.
var runtimeStatements = []statement{
	{"ruby", "Dockerfile", lazyre.New(`^ARG RUBY_VERSION="?([0-9][0-9.]*)"?`)},
	{"ruby", ".ruby-version", lazyre.New(`^(?:ruby-)?([0-9][0-9.]*)`)},
	{"node", "Dockerfile", lazyre.New(`^ARG NODE_MAJOR_VERSION="?([0-9][0-9.]*)"?`)},
	{"node", ".nvmrc", lazyre.New(`^v?([0-9][0-9.]*)`)},
	{"debian", "Dockerfile", lazyre.New(`^ARG DEBIAN_VERSION="?([a-z0-9]+)"?`)},
	{"yarn", "package.json", lazyre.New(`"packageManager": *"yarn@([0-9][0-9.]*)`)},
	{"bundler", "Gemfile.lock", lazyre.New(`^ {2,}([0-9][0-9.]*)$`)},
	{"rails", "Gemfile.lock", gem("rails")},
	{"sidekiq", "Gemfile.lock", gem("sidekiq")},
	{"puma", "Gemfile.lock", gem("puma")},
	{"pg", "Gemfile.lock", gem("pg")},
	{"chewy", "Gemfile.lock", gem("chewy")},
	{"elasticsearch-client", "Gemfile.lock", gem("elasticsearch")},
	{"redis-client", "Gemfile.lock", gem("redis")},
}

func gem(name string) *lazyre.Regexp {
	return lazyre.New(`^ {4}` + regexp.QuoteMeta(name) + ` \(([0-9][0-9A-Za-z.]*)\)$`)
}

// runtimes are the versions that the images are built with and the lock file pins.
func (t *Tree) runtimes() []facts.Runtime {
	var out []facts.Runtime
	for _, s := range runtimeStatements {
		if slices.ContainsFunc(out, func(r facts.Runtime) bool { return r.Name == s.name }) {
			continue
		}
		if m, place, ok := t.find(s.file, s.pattern); ok {
			out = append(out, facts.Runtime{Name: s.name, Version: m[1], Place: place})
		}
	}
	slices.SortFunc(out, func(a, b facts.Runtime) int { return cmp.Compare(a.Name, b.Name) })
	return out
}

// find returns the first line of a file that matches.
func (t *Tree) find(file string, pattern *lazyre.Regexp) ([]string, facts.Place, bool) {
	line := 0
	for l := range strings.Lines(t.Files[file].Text) {
		line++
		if m := pattern.FindStringSubmatch(strings.TrimRight(l, "\r\n")); m != nil {
			return m, facts.Place{File: file, Line: line}, true
		}
	}
	return nil, facts.Place{}, false
}
