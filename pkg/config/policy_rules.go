package config

import (
	"fmt"
	"path"
	"slices"
)

// checkApplication holds the rules of one application that no single key can break.
func checkApplication(d *decoder, at place, a *Application) {
	if a.Name == "" && !at.has("name") && a.Root != "" {
		nameAfterRoot(d, at, a)
	}
	if m := a.PullRequest.Merge; m != nil {
		tracks := at.key("pullRequest").key("merge").key("tracks")
		for i, t := range m.Tracks {
			if t != "" && len(a.Tracks) > 0 && !slices.Contains(a.Tracks, t) {
				d.fail(tracks.item(i).or(tracks), fmt.Sprintf("the track %s is merged but never proposed", t), "add it to the application's tracks, or drop it here")
			}
		}
	}
	if a.After != nil && a.Name != "" && a.After.Application == a.Name {
		d.fail(at.key("after").key("application"), "the application waits for itself", "name the one that goes first")
	}
}

// nameAfterRoot calls an application after the last folder of its root; base gives way to its parent.
func nameAfterRoot(d *decoder, at place, a *Application) {
	name := path.Base(a.Root)
	if parent := path.Dir(a.Root); name == "base" && parent != "." {
		name = path.Base(parent)
	}
	if name == "." {
		return // the repository itself has no name here; a file with several applications asks for one
	}
	probe := decoder{file: d.file}
	node := *resolve(at.key("root").node)
	node.Value = name
	if applicationName().decode(&probe, place{node: &node}, &a.Name); len(probe.errs) > 0 {
		d.fail(at.key("root"), fmt.Sprintf("the last folder, %s, can't be the application's name", quote(name)), "add a name")
	}
}

// checkApplications holds the rules between applications.
func checkApplications(d *decoder, at place, p *Policy) {
	items := at.key("applications")
	names, roots := map[string]int{}, map[string]int{}
	for i := range p.Applications {
		a, item := &p.Applications[i], items.item(i)
		if a.Name == "" && len(p.Applications) > 1 && !item.has("name") && (!item.has("root") || a.Root == ".") {
			d.fail(item, "nothing says what this application is called", "add a name")
		}
		taken(d, names, a.Name, i, item.key("name").or(item.key("root")).or(item), "two applications have the name %s", "give each a name of its own")
		taken(d, roots, a.Root, i, item.key("root").or(item), "two applications have the root %s", "an application has one entry")
	}
	for i, a := range p.Applications {
		if a.After == nil || a.After.Application == "" || a.After.Application == a.Name {
			continue
		}
		where := items.item(i).key("after").key("application")
		if _, listed := names[a.After.Application]; !listed {
			p.unlisted = append(p.unlisted, unlisted{a.After.Application, d.mistake(where, fmt.Sprintf("no application has the name %s", quote(a.After.Application)), "")})
		} else if waitsForItself(p.Applications, names, i) {
			d.fail(where, "the applications wait for each other", "let one of them go first")
		}
	}
}

// unlisted is an application that an entry waits for and that has no entry itself: it may be found, or be a slip.
type unlisted struct {
	name    string
	mistake *Error
}

// CheckFound holds the policy against the applications that are found in the repository: every application that another
// waits for is listed or found. The error is [Errors].
func (p *Policy) CheckFound(names []string) error {
	var errs Errors
	for _, u := range p.unlisted {
		if !slices.Contains(names, u.name) {
			e := *u.mistake
			if len(names) > 0 {
				e.Hint = suggest(u.name, names)
			}
			errs = append(errs, &e)
		}
	}
	if len(errs) == 0 {
		return nil
	}
	return errs
}

// taken reports the second holder of a value.
func taken(d *decoder, by map[string]int, value string, i int, at place, format, hint string) {
	if value == "" {
		return
	}
	if _, twice := by[value]; twice {
		d.fail(at, fmt.Sprintf(format, quote(value)), hint)
		return
	}
	by[value] = i
}

func waitsForItself(apps []Application, index map[string]int, start int) bool {
	i := start
	for range apps {
		after := apps[i].After
		if after == nil {
			return false
		}
		next, known := index[after.Application]
		if !known {
			return false
		}
		if i = next; i == start {
			return true
		}
	}
	return false
}
