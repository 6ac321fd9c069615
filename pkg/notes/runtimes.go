package notes

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/goingdark-social/bot/pkg/inventory"
	"github.com/goingdark-social/bot/pkg/upstream/facts"
)

// runtimes lists what the release ships at another version, and the servers that it asks a version of.
func (w *writer) runtimes() {
	if !w.facts() {
		return
	}
	var out []Runtime
	for _, after := range w.in.ToFacts.Runtimes {
		before := ""
		if r := w.in.FromFacts.Runtime(after.Name); r != nil {
			before = r.Version
		}
		if before != after.Version {
			r := Runtime{Name: after.Name, From: before, To: after.Version, Source: place(after.Place)}
			if floor := w.in.ToFacts.Floor(after.Name); floor != nil {
				r.Floor = floor.Version
			}
			out = append(out, r)
		}
	}
	for _, server := range w.servers() {
		if floor := w.in.ToFacts.Floor(server.name); floor != nil {
			out = append(out, Runtime{Name: server.name, Floor: floor.Version, Yours: server.version(), Source: place(floor.Place)})
		}
	}
	slices.SortStableFunc(out, func(a, b Runtime) int { return strings.Compare(a.Name, b.Name) })
	w.notes.Runtimes = out
}

func place(p facts.Place) string { return fmt.Sprintf("%s:%d", p.File, p.Line) }

// server is one kind of server and the objects that run it here.
type server struct {
	name   string
	stores []inventory.Store
}

func (w *writer) servers() []server {
	return []server{{"elasticsearch", w.inv.Search}, {"postgresql", w.inv.Databases}, {"redis", w.inv.Redis}}
}

// version is the lowest that the objects state, empty when one states none or there is none.
func (s server) version() string {
	lowest := ""
	for _, store := range s.stores {
		if !store.Listed {
			continue
		}
		if store.Version == "" || store.Product != s.name {
			return "" // Valkey and OpenSearch count their versions otherwise
		}
		if lowest == "" || below(store.Version, lowest) {
			lowest = store.Version
		}
	}
	return lowest
}

// stated is where the lowest of them stands, where all of one kind state one.
func (s server) stated() string {
	lowest := s.version()
	for _, store := range s.stores {
		if store.Listed && store.Version == lowest {
			return stated(store)
		}
	}
	return ""
}

func stated(s inventory.Store) string { return fileLine(s.VersionFile, s.VersionLine) }

// below compares versions of software number by number, as far as both state them: "16" is not below "16.3".
func below(a, b string) bool {
	as, bs := strings.Split(a, "."), strings.Split(b, ".")
	for i := range min(len(as), len(bs)) {
		x, errX := strconv.Atoi(as[i])
		y, errY := strconv.Atoi(bs[i])
		if errX != nil || errY != nil {
			return false
		}
		if c := cmp.Compare(x, y); c != 0 {
			return c < 0
		}
	}
	return false
}
