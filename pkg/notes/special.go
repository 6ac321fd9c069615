package notes

import (
	"slices"
	"strings"

	"github.com/goingdark-social/bot/pkg/inventory"
	"github.com/goingdark-social/bot/pkg/notes/special"
	"github.com/goingdark-social/bot/pkg/severity"
	"github.com/goingdark-social/bot/pkg/version"
)

// specials are the entries that this upgrade and this repository are concerned by.
func (w *writer) specials() []special.Entry {
	if order, ok := w.order(); !ok || order <= 0 {
		return nil
	}
	return slices.DeleteFunc(special.All(), func(e special.Entry) bool {
		limit := e.Line
		if e.Before != (version.Line{}) {
			limit = e.Before
		}
		from, to := w.base.Line(), w.in.To.Line()
		return from.Compare(limit) >= 0 || from.Compare(e.Line) >= 0 || to.Compare(e.Line) < 0 || !w.concerned(e.Concerns)
	})
}

func (w *writer) concerned(c special.Concern) bool {
	if c.WithoutFacts && w.facts() {
		return false
	}
	if w.in.Inventory == nil {
		return true
	}
	switch {
	case c.Variable != "":
		return slices.ContainsFunc(w.inv.Settings, func(s inventory.Setting) bool { return s.Name == c.Variable && (c.Value == "" || s.Value == c.Value) })
	case c.Search:
		return len(w.inv.Search) > 0
	case c.SearchBelow != "":
		return slices.ContainsFunc(w.inv.Search, func(s inventory.Store) bool {
			return s.Listed && (s.Version == "" || s.Product != "elasticsearch" || below(s.Version, c.SearchBelow))
		})
	case c.SharedImage:
		return w.sharedImage() != nil
	case c.Queue != "":
		return slices.Contains(w.unserved(), c.Queue) || w.in.ToFacts == nil && w.workload(inventory.Sidekiq) != nil && !w.serves(c.Queue)
	}
	return true
}

// sharedImage is a streaming server that runs from the image of web.
func (w *writer) sharedImage() *inventory.Workload {
	streaming := w.workload(inventory.Streaming)
	if streaming == nil || strings.Contains(streaming.Image, "streaming") {
		return nil
	}
	return streaming
}

func (w *writer) specialHazards() {
	for _, e := range w.specials() {
		if e.Severity != "" {
			w.hazardf(e.ID, severity.Level(e.Severity), w.specialSource(e), "%s", w.supposing(e.Concerns)+e.Text)
		}
	}
}

// supposing says whom an entry concerns, where no repository was looked at.
func (w *writer) supposing(c special.Concern) string {
	switch {
	case w.in.Inventory != nil:
		return ""
	case c.Value != "":
		return "Where " + c.Variable + "=" + c.Value + " is set: "
	case c.Variable != "":
		return "Where " + c.Variable + " is set: "
	case c.Search:
		return "With search: "
	case c.SearchBelow != "":
		return "With search on a server below " + c.SearchBelow + ": "
	case c.SharedImage:
		return "Where streaming runs from the image of web: "
	case c.Queue != "":
		return "Where Sidekiq processes name their queues: "
	}
	return ""
}

func (w *writer) specialSteps(phase Phase) {
	done := map[string]bool{} // indexes
	for _, e := range w.specials() {
		if e.Step == "" || Phase(e.Phase) != phase || done[e.Index] || e.Index != "" && w.general(e.Index) {
			continue
		}
		if e.Index != "" {
			done[e.Index] = true
		}
		command := ""
		if len(e.Run) > 0 {
			command = w.inWeb(slices.Clone(e.Run)...)
			if phase != After {
				command = strings.Join(e.Run, " ") // the pods that run know nothing of it yet: with the new image
			}
		}
		w.step(phase, "", w.specialSource(e), w.supposing(e.Concerns)+e.Step, command)
	}
}

// general says that the general step brings an index up to date, because others changed beside it.
func (w *writer) general(index string) bool {
	changed := w.search()
	return len(changed) > 1 || len(changed) == 1 && changed[0].Name != index
}

// specialIndexes are the indexes that entries have a step of their own for.
func (w *writer) specialIndexes() []string {
	var out []string
	for _, e := range w.specials() {
		if e.Index != "" {
			out = append(out, e.Index)
		}
	}
	return out
}

// specialSource is the place in this repository that is concerned, then the one upstream that says so.
func (w *writer) specialSource(e special.Entry) string {
	upstream := vanilla + "/releases/tag/" + e.Sources[0].Release
	if s := e.Sources[0]; s.File != "" {
		upstream = fileLine(s.File, s.Line) + " at " + s.Release
	}
	if i := slices.IndexFunc(w.inv.Settings, func(s inventory.Setting) bool { return s.Name == e.Concerns.Variable && e.Concerns.Variable != "" }); i >= 0 {
		return fileLine(w.inv.Settings[i].File, w.inv.Settings[i].Line) + ", " + upstream
	}
	if o := w.sharedImage(); e.Concerns.SharedImage && o != nil {
		return fileLine(o.ImageFile, o.ImageLine) + ", " + upstream
	}
	if o := w.workload(inventory.Sidekiq); e.Concerns.Queue != "" && o != nil {
		return at(o.Object) + ", " + upstream
	}
	if (e.Concerns.Search || e.Concerns.SearchBelow != "") && len(w.inv.Search) > 0 {
		return at(w.inv.Search[0].Object) + ", " + upstream
	}
	return upstream
}
