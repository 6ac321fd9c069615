package dashboard

import (
	"fmt"
	"slices"
	"time"

	"github.com/goingdark-social/bot/pkg/history"
	"github.com/goingdark-social/bot/pkg/version"
)

// picture is the time line of upstream's releases against what the branch
// ran: time goes right, versions go up. Each release is a mark where it came
// out; a line leads from there to where the branch reached it, as long as that
// took; the steps are what every component ran.
type picture struct {
	Width, Height int
	// Left, Right, Top and Bottom bound the field inside.
	Left, Right, Top, Bottom float64
	Marks                    []mark
	Rows                     []row
	Ticks                    []tick
	Bands                    []band
	// Steps is the path of the branch.
	Steps string
	// Text is what it shows, in words.
	Text string
}

// Field is the height inside.
func (p picture) Field() float64 { return p.Bottom - p.Top }

// mark is a release: where it came out, and until when the branch was
// without it.
type mark struct {
	X, Y, Until float64
	Version     string
	Security    bool
	// Open tells that the branch is without it still.
	Open bool
	Note string
}

type row struct {
	Y    float64
	Text string
	// Strong is the first of its line.
	Strong bool
}

type tick struct {
	X    float64
	Text string
}

// band is a time of mixed versions.
type band struct {
	X, Width float64
	Note     string
}

const (
	pictureWidth = 960
	rowHeight    = 19
	leastRows    = 6
	marginLeft   = 74
	marginRight  = 22
	marginTop    = 14
	marginBottom = 30
	// leastBand is how wide a time of minutes is drawn, to be seen at all.
	leastBand = 3
)

// draw makes the picture of a story.
func draw(a history.Application, now time.Time) picture {
	d := &drawing{story: a, from: a.Since, to: now}
	d.span()
	d.choose()

	p := &d.picture
	p.Width, p.Height = pictureWidth, marginTop+marginBottom+rowHeight*max(len(d.rows), leastRows)
	p.Left, p.Right, p.Top, p.Bottom = marginLeft, pictureWidth-marginRight, marginTop, float64(p.Height-marginBottom)

	d.labels()
	d.ticks()
	d.bands()
	d.marks()
	d.steps()
	p.Text = d.text()

	return *p
}

type drawing struct {
	picture picture

	story    history.Application
	from, to time.Time
	rows     []version.Version // ascending
}

// longest is how far back the picture goes: what is older is in the tables.
const longest = 2 * 365 * 24 * time.Hour

// span gives the time some room on both sides.
func (d *drawing) span() {
	if d.to.Sub(d.from) > longest {
		d.from = d.to.Add(-longest)
	}

	room := max(d.to.Sub(d.from)/40, 24*time.Hour)
	d.from, d.to = d.from.Add(-room), d.to.Add(room/2)
}

// choose picks the versions that have a row: all that the branch ran, and the
// releases that were newer than that when they came out.
func (d *drawing) choose() {
	add := func(v version.Version) {
		if v.Kind() != version.Unknown && !slices.ContainsFunc(d.rows, v.Equal) {
			d.rows = append(d.rows, v)
		}
	}

	for i, p := range d.story.Points {
		if i+1 < len(d.story.Points) && d.story.Points[i+1].At.Before(d.from) {
			continue
		}

		for _, v := range p.Versions() {
			add(v)
		}
	}

	for _, r := range d.story.Releases {
		if r.Date.After(d.from) && d.ahead(r) {
			add(r.Version)
		}
	}

	slices.SortFunc(d.rows, version.CompareAny)
}

// ahead tells a release that was newer than what the branch ran when it came
// out, and at most one line above it.
func (d *drawing) ahead(r history.Release) bool {
	var newest version.Version

	for _, p := range d.story.Points {
		if all := p.Versions(); !p.At.After(r.Date) && len(all) > 0 {
			newest = all[len(all)-1]
		}
	}

	order, ordered := version.Compare(r.Version, newest)

	return ordered && order > 0
}

func (d *drawing) x(t time.Time) float64 {
	share := float64(t.Sub(d.from)) / float64(d.to.Sub(d.from))

	return round(d.picture.Left + (d.picture.Right-d.picture.Left)*min(max(share, 0), 1))
}

func (d *drawing) y(v version.Version) float64 {
	i := slices.IndexFunc(d.rows, v.Equal)

	return round(d.picture.Bottom - (float64(i)+0.5)*rowHeight)
}

// round keeps one digit: more cannot be seen, and would only be sent.
func round(f float64) float64 { return float64(int(f*10+0.5)) / 10 }

func (d *drawing) labels() {
	for i, v := range d.rows {
		first := i == 0 || d.rows[i-1].Line() != v.Line()
		d.picture.Rows = append(d.picture.Rows, row{Y: d.y(v), Text: v.String(), Strong: first})
	}
}

// ticks are the months, as many as there is room for.
func (d *drawing) ticks() {
	const most = 10

	months := int(d.to.Sub(d.from)/(30*24*time.Hour)) + 1
	every := max(1, (months+most-1)/most)

	at := time.Date(d.from.Year(), d.from.Month()+1, 1, 0, 0, 0, 0, time.UTC)
	for ; at.Before(d.to); at = at.AddDate(0, every, 0) {
		d.picture.Ticks = append(d.picture.Ticks, tick{X: d.x(at), Text: at.Format("Jan 2006")})
	}
}

func (d *drawing) bands() {
	for _, w := range d.story.Mixed {
		end := w.To
		if end.IsZero() {
			end = d.to
		}

		if end.Before(d.from) {
			continue
		}

		from := d.x(w.From)
		d.picture.Bands = append(d.picture.Bands, band{
			X: from, Width: round(max(d.x(end)-from, leastBand)),
			Note: "mixed for " + history.Span(w.Span(d.to)) + " from " + w.From.UTC().Format("2006-01-02 15:04"),
		})
	}
}

func (d *drawing) marks() {
	for _, r := range d.story.Releases {
		if !slices.ContainsFunc(d.rows, r.Version.Equal) || r.Date.Before(d.from) {
			continue
		}

		m := mark{X: d.x(r.Date), Y: d.y(r.Version), Version: r.Version.String(), Security: r.Security}
		m.Note = r.Version.String() + ", released " + r.Date.UTC().Format(time.DateOnly)

		if r.Security {
			m.Note += ", security release"
		}

		d.until(&m, r)
		d.picture.Marks = append(d.picture.Marks, m)
	}
}

// until finds when everything was on a release or beyond it.
func (d *drawing) until(m *mark, r history.Release) {
	for _, p := range d.story.Points {
		all := p.Versions()
		if p.At.Before(r.Date) || len(all) == 0 {
			continue
		}

		if order, ordered := version.Compare(all[0], r.Version); ordered && order >= 0 {
			m.Until = d.x(p.At)
			m.Note += ", reached after " + history.Span(p.At.Sub(r.Date))

			return
		}
	}

	m.Until, m.Open = d.x(d.to), true
	m.Note += ", not in use yet"
}

// steps is the line of the oldest version in use: a release counts as reached
// when the last component is there.
func (d *drawing) steps() {
	open := false

	for i, p := range d.story.Points {
		all := p.Versions()
		if len(all) == 0 || !slices.ContainsFunc(d.rows, all[0].Equal) {
			open = false

			continue
		}

		end := d.to
		if i+1 < len(d.story.Points) {
			end = d.story.Points[i+1].At
		}

		if end.Before(d.from) {
			continue
		}

		verb := "L"
		if !open {
			verb = "M"
		}

		d.picture.Steps += fmt.Sprintf("%s%g %gH%g", verb, d.x(p.At), d.y(all[0]), d.x(end))
		open = true
	}
}

func (d *drawing) text() string {
	s := d.story.Summary(d.to)

	return fmt.Sprintf("From %s to %s: %s upstream, %s of the branch. Every component ran a release %s after it came out in the median and %s at the longest. "+
		"%s of the line in use waited %s in the median and %s at the longest; %d still waiting. Components were on mixed versions %s, %s in all. The tables below say the same.",
		d.from.UTC().Format(time.DateOnly), d.to.UTC().Format(time.DateOnly), count(len(d.picture.Marks), "release"), count(s.Upgrades, "upgrade"),
		history.Span(s.MedianLag), history.Span(s.LongestLag),
		count(s.Security, "security release"), history.Span(s.MedianWait), history.Span(s.LongestWait), s.Waiting,
		count(s.MixedWindows, "time"), history.Span(s.MixedTotal))
}
