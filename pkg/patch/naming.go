package patch

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/goingdark-social/bot/internal/lazyre"
	"github.com/goingdark-social/bot/pkg/layout"
)

// roles are folders that say what their content is for, not what it is: they give way to their parent.
var roles = []string{"base", "bases", "app", "manifests", "overlays", "components"}

func role(dir string) bool { return slices.Contains(roles, path.Base(dir)) }

// nameApps calls each application after its folder. Those of one name take the folders above until they differ.
func (s *scan) nameApps() {
	for _, a := range s.apps {
		a.name = a.ownName()
		if a.config != nil && a.config.Name != "" {
			a.name = a.config.Name
		}
	}

	for depth := 2; depth < 10; depth++ {
		count := map[string]int{}
		for _, a := range s.apps {
			count[a.name]++
		}

		for _, a := range s.apps {
			if count[a.name] > 1 && (a.config == nil || a.config.Name == "") {
				a.name = a.longName(depth)
			}
		}
	}

	s.tellApart()
	slices.SortFunc(s.apps, compareApps)
}

// tellApart numbers what the folders can't tell apart: a found application beside a configured one of the same name.
func (s *scan) tellApart() {
	taken := map[string]bool{}

	for _, a := range s.apps {
		name := a.name
		for i := 2; taken[a.name]; i++ {
			a.name = fmt.Sprintf("%s-%d", name, i)
		}

		taken[a.name] = true
	}
}

var unsafe = lazyre.New(`[^A-Za-z0-9_-]+`)

// branchable makes a name that can stand in a branch's: folders may be called anything.
func branchable(name string) string {
	if name = strings.Trim(unsafe.ReplaceAllString(name, "-"), "-"); name == "" {
		return "mastodon"
	}

	return name
}

// home is the folder that the application is called after: its root, or the lowest folder around its roots and the places that
// decide their version.
func (a *app) home() string {
	roots := a.roots()
	if len(roots) == 1 {
		return roots[0]
	}

	var places []string
	for _, root := range roots {
		places = append(places, root+"/.")
	}

	for _, d := range a.seeds {
		for r := range d.decidesWeb() {
			places = append(places, r.File)
		}
	}

	return layout.Folder(places...)
}

func (a *app) ownName() string {
	dir := a.home()
	for role(dir) && path.Dir(dir) != "." {
		dir = path.Dir(dir)
	}

	if dir == "." {
		return "mastodon"
	}

	return branchable(path.Base(dir))
}

// longName joins the name with folders above it, as far up as needed: staging-mastodon.
func (a *app) longName(depth int) string {
	dir := a.home()
	for role(dir) && path.Dir(dir) != "." {
		dir = path.Dir(dir)
	}

	parts := strings.Split(dir, "/")
	if dir == "." {
		parts = []string{"mastodon"}
	}

	return branchable(strings.Join(parts[max(0, len(parts)-depth):], "-"))
}
