package dashboard

import (
	"maps"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/goingdark-social/bot/pkg/status"
)

// listPage is the list of applications.
type listPage struct {
	// Rows are those that the filters let through, of All.
	Rows []listRow
	All  int
	// Filters are the states with how many applications are in each.
	Filters []filter
	// Query, State and Repository are the filters as they are; Repositories are
	// what can be chosen, if there are several.
	Query, State, Repository string
	Repositories             []string
	// Failed are repositories that could not be served, Unseen those that no
	// pass has looked at yet.
	Failed []status.Repository
	Unseen []string
	// Tiles sum all of it up.
	Tiles []tile
}

type listRow struct {
	status.Application

	Repository status.Repository
	Href       string
	States     []state
	Longest    time.Duration // that a security release waits
}

type filter struct {
	Label, Href string
	Count       int
	Current     bool
}

// tile is one number with its meaning.
type tile struct{ Value, Label, Detail, Class string }

func (d *dashboard) list(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	p := &listPage{Query: strings.TrimSpace(q.Get("q")), State: q.Get("state"), Repository: q.Get("repository")}
	all := p.collect(d.State().Repositories, d.Now())

	for _, row := range all {
		if p.lets(row) {
			p.Rows = append(p.Rows, row)
		}
	}

	p.All = len(all)
	p.Filters = filters(all, q)
	p.Tiles = tiles(all)

	d.render(w, r, http.StatusOK, frame{Title: "Applications", Template: "list", Body: p})
}

func (p *listPage) collect(repositories []status.Repository, now time.Time) []listRow {
	var all []listRow

	for _, r := range repositories {
		p.Repositories = append(p.Repositories, r.Name)

		switch {
		case r.Err != "":
			p.Failed = append(p.Failed, r)
		case r.At.IsZero():
			p.Unseen = append(p.Unseen, r.Name)
		}

		for _, a := range r.Applications {
			row := listRow{Application: a, Repository: r, Href: href(r.Name, a.Name), States: standing(a)}
			for _, waiting := range a.Waiting {
				row.Longest = max(row.Longest, waiting.Age(now))
			}

			all = append(all, row)
		}
	}

	return all
}

func (p *listPage) lets(row listRow) bool {
	text := strings.ToLower(row.Name + " " + row.Repository.Name + " " + strings.Join(row.On, " "))

	return (p.State == "" || in(row.States, p.State)) &&
		(p.Repository == "" || p.Repository == row.Repository.Name) &&
		strings.Contains(text, strings.ToLower(p.Query))
}

// filters are links that change the state alone.
func filters(all []listRow, q url.Values) []filter {
	chosen := q.Get("state")
	at := func(key string) string {
		changed := maps.Clone(q)
		changed.Del("state")

		if key != "" {
			changed.Set("state", key)
		}

		return "?" + changed.Encode()
	}

	out := []filter{{Label: "All", Href: at(""), Count: len(all), Current: chosen == ""}}

	for _, s := range states {
		n := 0

		for _, row := range all {
			if in(row.States, s.Key) {
				n++
			}
		}

		if n > 0 || chosen == s.Key {
			out = append(out, filter{Label: s.Label, Href: at(s.Key), Count: n, Current: chosen == s.Key})
		}
	}

	return out
}

// href is the address of an application's page.
func href(repository, application string) string {
	owner, name, _ := strings.Cut(repository, "/")

	return "/applications/" + url.PathEscape(owner) + "/" + url.PathEscape(name) + "/" + url.PathEscape(application)
}
