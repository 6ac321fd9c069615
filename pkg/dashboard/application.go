package dashboard

import (
	"html/template"
	"net/http"
	"slices"
	"time"

	"github.com/goingdark-social/bot/pkg/history"
	"github.com/goingdark-social/bot/pkg/status"
)

// applicationPage is one application.
type applicationPage struct {
	status.Application

	Repository status.Repository
	States     []state
	Notes      []notesOf
	Findings   []finding
	Waits      []waiting
	// Live tells that the cluster was asked about any of its components.
	Live bool
	// Story is what its branch ran; nil: nothing is known of that.
	Story *storyOf
	Now   time.Time
}

// notesOf are the migration notes of a proposal, as HTML.
type notesOf struct {
	status.Proposal

	HTML template.HTML
}

// finding is one with a link to its place.
type finding struct {
	status.Finding

	Href string
}

type waiting struct {
	status.Waiting

	Age time.Duration
}

// storyOf is the history with its picture.
type storyOf struct {
	history.Application

	Tiles    []tile
	Picture  picture
	Upgrades []history.Upgrade // the newest first
	Security []history.Wait    // the newest first
	Windows  []history.Window  // the newest first
	Now      time.Time
}

func (d *dashboard) application(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("owner") + "/" + r.PathValue("repository")
	known := d.State()

	i := slices.IndexFunc(known.Repositories, func(r status.Repository) bool { return r.Name == name })
	if i < 0 {
		d.nothing(w, r)

		return
	}

	repository := known.Repositories[i]

	a, ok := repository.Application(r.PathValue("application"))
	if !ok {
		d.nothing(w, r)

		return
	}

	d.render(w, r, http.StatusOK, frame{Title: a.Name, Template: "application", Trail: home(), Body: d.page(known, repository, a)})
}

func (d *dashboard) page(known State, r status.Repository, a status.Application) *applicationPage {
	p := &applicationPage{Application: a, Repository: r, States: standing(a), Now: d.Now()}

	for _, f := range a.Findings {
		p.Findings = append(p.Findings, finding{f, fileURL(r.URL, r.Commit, f.File, f.Line)})
	}

	for _, one := range a.Proposals {
		p.Notes = append(p.Notes, notesOf{one, notesHTML(one.Notes)})
	}

	for _, one := range a.Waiting {
		p.Waits = append(p.Waits, waiting{one, one.Age(p.Now)})
	}

	p.Live = slices.ContainsFunc(a.Rows, func(row status.Row) bool { return row.Live })
	p.Story = tell(known, r.Name, a.Name, p.Now)

	return p
}

// tell is the story of an application; nil where there is none.
func tell(known State, repository, name string, now time.Time) *storyOf {
	branch := known.Branches[repository]
	if branch == nil || len(branch.Points[name]) == 0 {
		return nil
	}

	s := &storyOf{Application: history.Tell(name, branch, known.Releases, now), Now: now}
	s.Tiles = storyTiles(s.Summary(now))
	s.Picture = draw(s.Application, now)
	s.Upgrades = newestFirst(s.Application.Upgrades)
	s.Security = newestFirst(s.Waits)
	s.Windows = newestFirst(s.Mixed)

	return s
}

func newestFirst[T any](all []T) []T {
	all = slices.Clone(all)
	slices.Reverse(all)

	return all
}
