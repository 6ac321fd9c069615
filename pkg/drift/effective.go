package drift

import (
	"context"
	"fmt"
	"io/fs"

	"github.com/goingdark-social/bot/internal/node"
	"github.com/goingdark-social/bot/pkg/inventory"
)

// memory is files that exist nowhere but here.
type memory map[string][]byte

func (m memory) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

func (m memory) ReadFile(name string) ([]byte, error) {
	if data, ok := m[name]; ok {
		return data, nil
	}

	return nil, &fs.PathError{Op: "read", Path: name, Err: fs.ErrNotExist}
}

// effective takes the inventory of rendered objects, each a file of its own, and puts every place in it back to the files of the
// tree.
func (in *Input) effective(ctx context.Context, objects []*object, images []string) error {
	files, names, of := memory{}, []string{}, map[string]*object{}

	for i, o := range objects {
		name := fmt.Sprintf("%06d.yaml", i)
		files[name], of[name] = o.text, o
		names = append(names, name)
	}

	inv, err := inventory.Take(ctx, files, names, images...)
	if err != nil {
		return err
	}

	back := placer(of)
	all := in.Effective

	for _, j := range inv.MigrateJobs {
		back.lines(j.File, &j.ImageLine, &j.HookLine)
		back.object(&j.Object)
		all.MigrateJobs = append(all.MigrateJobs, j)
	}

	for _, w := range inv.Workloads {
		back.lines(w.File, &w.ImageLine)

		for i := range w.Probes {
			back.lines(w.File, &w.Probes[i].Line)
		}

		back.object(&w.Object)
		all.Workloads = append(all.Workloads, w)
	}

	for _, b := range inv.Backups {
		back.object(&b.Object)
		all.Backups = append(all.Backups, b)
	}

	all.Databases = append(all.Databases, back.stores(inv.Databases)...)
	all.Poolers = append(all.Poolers, back.stores(inv.Poolers)...)
	all.Redis = append(all.Redis, back.stores(inv.Redis)...)
	all.Search = append(all.Search, back.stores(inv.Search)...)

	return nil
}

// placer puts lines of rendered objects back to where they are written.
type placer map[string]*object

func (p placer) stores(list []inventory.Store) []inventory.Store {
	out := list[:0]

	for _, s := range list {
		if s.By == "external" {
			continue // a host outside the tree: nothing to hold it against
		}

		p.lines(s.File, &s.VersionLine)
		p.object(&s.Object)
		out = append(out, s)
	}

	return out
}

// object replaces the place of an object. A line inside it (a backup's may be one) is put back by its path.
func (p placer) object(o *inventory.Object) {
	from := p[o.File]

	if o.Line > from.node.Line {
		o.Line = from.at(node.PathAt(from.node, o.Line)...).Line
	} else {
		o.Line = from.line
	}

	o.File = from.file
}

func (p placer) lines(file string, lines ...*int) {
	from := p[file]

	for _, line := range lines {
		if *line == 0 {
			continue
		}

		at := from.at(node.PathAt(from.node, *line)...)
		if at.File != from.file { // set by a patch: the inventory's line is one of the object's own file
			at = from.first()
		}

		*line = at.Line
	}
}
