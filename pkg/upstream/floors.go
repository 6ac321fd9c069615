package upstream

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/goingdark-social/bot/internal/lazyre"
	"github.com/goingdark-social/bot/pkg/upstream/facts"
)

const (
	databaseTasks = "lib/tasks/db.rake"
	searchCheck   = "app/lib/admin/system_check/elasticsearch_check.rb"
)

var (
	postgresCheck = lazyre.New(`version < ([0-9_]{5,7})\b`)
	schemaCheck   = lazyre.New(`schema_version < ([0-9_]{14,})`)
	firstRelease  = lazyre.New(`earlier than v?([0-9]+\.[0-9]+(?:\.[0-9]+)?)`)
	searchVersion = lazyre.New(`^\s*['"]([0-9][0-9.x]*)['"]$`)
	readmeFloor   = lazyre.New(`^[-*] \*\*(PostgreSQL|Redis|Ruby|Node\.js|Elasticsearch|FFmpeg)\*\*:? v?([0-9][0-9.]*)\+`)
	gemfileRuby   = lazyre.New(`^ruby .*['"]>= ?([0-9][0-9.]*)['"]`)
	nodeEngine    = lazyre.New(`"node": *">= ?([0-9][0-9.]*)`)
)

// floors are what the release asks of what is around it: in code, then in words.
func (t *Tree) floors() []facts.Floor {
	var out []facts.Floor
	add := func(name, version string, place facts.Place, enforced bool) {
		out = append(out, facts.Floor{Name: name, Version: version, Place: place, Enforced: enforced})
	}
	if m, place, ok := t.find(databaseTasks, postgresCheck); ok {
		add("postgresql", serverVersion(m[1]), place, true)
	}
	if f, ok := t.zeroDowntime(); ok {
		out = append(out, f)
	}
	if m, place, ok := t.find("Gemfile", gemfileRuby); ok {
		add("ruby", m[1], place, true)
	}
	if m, place, ok := t.find("package.json", nodeEngine); ok {
		add("node", m[1], place, false) // yarn does not check engines
	}
	// The administration's check, which turns search off in nobody's server: words in code.
	if m, place, ok := t.findAfter(searchCheck, "def required_version", searchVersion); ok {
		add("elasticsearch", strings.TrimSuffix(m[1], ".x"), place, false)
	}
	out = append(out, t.readmeFloors()...)
	slices.SortStableFunc(out, func(a, b facts.Floor) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), -cmp.Compare(strconv.FormatBool(a.Enforced), strconv.FormatBool(b.Enforced)))
	})
	return out
}

func (t *Tree) readmeFloors() []facts.Floor {
	var out []facts.Floor
	line := 0
	for l := range strings.Lines(t.Files["README.md"].Text) {
		line++
		if m := readmeFloor.FindStringSubmatch(strings.TrimSpace(l)); m != nil {
			name := strings.ToLower(strings.TrimSuffix(m[1], ".js"))
			out = append(out, facts.Floor{Name: name, Version: m[2], Place: facts.Place{File: "README.md", Line: line}})
		}
	}
	return out
}

// zeroDowntime is the oldest schema from which an upgrade in two phases is let through.
func (t *Tree) zeroDowntime() (facts.Floor, bool) {
	m, place, ok := t.find(databaseTasks, schemaCheck)
	if !ok {
		return facts.Floor{}, false
	}
	f := facts.Floor{Name: "zero-downtime", Schema: strings.ReplaceAll(m[1], "_", ""), Enforced: true, Place: place}
	if m, _, ok := t.find(databaseTasks, firstRelease); ok {
		f.Version = m[1]
	}
	return f, true
}

// serverVersion turns PostgreSQL's number into what people say: 130_000 is 13.0, 90_600 is 9.6.
func serverVersion(number string) string {
	n, err := strconv.Atoi(strings.ReplaceAll(number, "_", ""))
	if err != nil {
		return number
	}
	if n >= 100_000 {
		return fmt.Sprintf("%d.%d", n/10_000, n%10_000)
	}
	return fmt.Sprintf("%d.%d", n/10_000, n/100%100)
}

// findAfter is find behind the first line that holds start.
func (t *Tree) findAfter(file, start string, pattern *lazyre.Regexp) ([]string, facts.Place, bool) {
	line, inside := 0, false
	for l := range strings.Lines(t.Files[file].Text) {
		line++
		l = strings.TrimRight(l, "\r\n")
		if m := pattern.FindStringSubmatch(l); inside && m != nil {
			return m, facts.Place{File: file, Line: line}, true
		}
		inside = inside || strings.Contains(l, start)
	}
	return nil, facts.Place{}, false
}
