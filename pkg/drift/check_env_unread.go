package drift

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/goingdark-social/bot/pkg/inventory"
	"github.com/goingdark-social/bot/pkg/severity"
	"github.com/goingdark-social/bot/pkg/upstream/facts"
)

func envUnread() Check {
	return Check{
		ID: "env-unread", Severity: severity.Warning, Title: "variables that nothing reads",
		Doc: `A variable that the release does not read does nothing, and somebody believes that it does. What counts as read: by any process
that receives it, in a migration, as $(NAME) in another value or in a command; and what Ruby, Rails, Node.js, libpq, the C library and
the like read by themselves. The nearest name that is read is given.`,
		Needs: ReleaseFacts,
		find:  findUnread,
	}
}

func findUnread(in *Input) []Finding {
	type setting struct {
		name string
		at   Place
	}

	read := map[setting]bool{}
	by := map[setting][]string{}

	var order []setting

	for _, c := range in.containers {
		uses := c.uses()

		for _, name := range slices.Sorted(maps.Keys(c.env)) {
			s := setting{name, c.env[name].place}
			if c.env[name].given {
				continue
			}

			if by[s] == nil {
				order = append(order, s)
			}

			by[s] = append(by[s], string(c.component))
			read[s] = read[s] || uses[name] || in.reads(c, name)
		}
	}

	var out []Finding

	for _, s := range order {
		if read[s] {
			continue
		}

		f := Finding{
			Place: s.at, Components: by[s], Name: s.name, Actual: s.name,
			Message: fmt.Sprintf("%s does not read %s", in.Facts.Version, s.name), Fix: "Remove it.",
		}

		if near := in.nearest(s.name); near != "" {
			f.Expected = near
			f.Message += "; it reads " + near
			f.Fix = "Call it " + near + ", or remove it."
		}

		out = append(out, f)
	}

	return out
}

// reads tells that a container's process reads a variable.
func (in *Input) reads(c *container, name string) bool {
	if others(name, c.ruby()) {
		return true
	}

	v := in.Facts.Reads(name)
	if v == nil {
		return false
	}

	switch c.component {
	case inventory.Streaming:
		return v.Has(facts.Streaming)
	case inventory.OtherJob:
		return v.Runtime() || v.Has(facts.CLI) || v.Has(facts.Migrate)
	default: // a person runs tootctl and migrations in any pod of the web image
		return v.Has(facts.Rails) || v.Has(facts.Sidekiq) || v.Has(facts.Migrate) || v.Has(facts.CLI)
	}
}

// nearest is the name that is read and most like another one, when it is much like it.
func (in *Input) nearest(name string) string {
	type near struct {
		name     string
		distance int
	}

	var all []near

	for _, v := range in.Facts.Environment {
		if v.Runtime() && !v.Pattern {
			all = append(all, near{v.Name, distance(name, v.Name)})
		}
	}

	for _, n := range append(slices.Clone(libpq), "SECRET_KEY_BASE", "NODE_EXTRA_CA_CERTS", "RAILS_ENV", "NODE_ENV") {
		all = append(all, near{n, distance(name, n)})
	}

	slices.SortFunc(all, func(a, b near) int { return cmp.Or(cmp.Compare(a.distance, b.distance), cmp.Compare(a.name, b.name)) })

	if len(all) == 0 || all[0].distance > max(2, len(name)/4) {
		return ""
	}

	return all[0].name
}
