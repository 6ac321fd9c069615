package facts

// What each type holds, in the order in which it is packed. A field that is missing here is lost: see
// TestEveryFieldIsPacked. Who changes an order, or adds to it, remakes the embedded facts and raises the number of
// pkg/upstream's cache.

func (p *Place) fields(w *wire) {
	word(&p.File, w)
	number(&p.Line, w)
}

func (t *Table) fields(w *wire) {
	word(&t.Name, w)
	many(&t.PrimaryKey, w, word)
	many(&t.Columns, w, (*Column).fields)
	many(&t.Indexes, w, (*Index).fields)
	many(&t.ForeignKeys, w, (*ForeignKey).fields)
	many(&t.Checks, w, (*Check).fields)
}

func (c *Column) fields(w *wire) {
	word(&c.Name, w)
	word(&c.Type, w)
	flag(&c.Null, w)
	maybe(&c.Default, w, word)
	flag(&c.DefaultSQL, w)
	flag(&c.Array, w)
	maybe(&c.Limit, w, number)
	maybe(&c.Precision, w, number)
	maybe(&c.Scale, w, number)
}

func (i *Index) fields(w *wire) {
	word(&i.Name, w)
	many(&i.Columns, w, word)
	word(&i.Expression, w)
	flag(&i.Unique, w)
	word(&i.Where, w)
	word(&i.Using, w)
	flag(&i.NullsNotDistinct, w)
	many(&i.Include, w, word)
	pairs(&i.Order, w)
	pairs(&i.OperatorClass, w)
}

func (k *ForeignKey) fields(w *wire) {
	word(&k.Column, w)
	word(&k.To, w)
	word(&k.PrimaryKey, w)
	word(&k.Name, w)
	word(&k.OnDelete, w)
	word(&k.OnUpdate, w)
	flag(&k.NotValidated, w)
}

func (c *Check) fields(w *wire) {
	word(&c.Name, w)
	word(&c.Expression, w)
	flag(&c.NotValidated, w)
}

func (v *View) fields(w *wire) {
	word(&v.Name, w)
	flag(&v.Materialized, w)
	word(&v.Digest, w)
	many(&v.Indexes, w, (*Index).fields)
}

func (m *Migration) fields(w *wire) {
	word(&m.Version, w)
	word(&m.Name, w)
	word(&m.File, w)
	word(&m.Phase, w)
	flag(&m.Transaction, w)
	flag(&m.Irreversible, w)
	word(&m.Blob, w)
	many(&m.Operations, w, (*Operation).fields)
}

func (o *Operation) fields(w *wire) {
	word(&o.Kind, w)
	word(&o.Table, w)
	many(&o.Columns, w, word)
	word(&o.Index, w)
	word(&o.To, w)
	word(&o.Type, w)
	maybe(&o.Null, w, flag)
	maybe(&o.Default, w, word)
	flag(&o.Volatile, w)
	flag(&o.Unique, w)
	flag(&o.Concurrent, w)
	flag(&o.NotValidated, w)
	number(&o.Line, w)
}

func (v *Variable) fields(w *wire) {
	word(&v.Name, w)
	flag(&v.Pattern, w)
	many(&v.Scopes, w, word)
	maybe(&v.Default, w, word)
	word(&v.Fallback, w)
	word(&v.Aborts, w)
	flag(&v.Required, w)
	flag(&v.Sample, w)
	many(&v.Places, w, (*Read).fields)
}

func (r *Read) fields(w *wire) {
	r.Place.fields(w)
	many(&r.Scopes, w, word)
}

func (r *Release) fields(w *wire) {
	word(&r.Version, w)
	word(&r.Date, w)
	flag(&r.Security, w)
	many(&r.Advisories, w, word)
	r.Place.fields(w)
}

func (r *Runtime) fields(w *wire) {
	word(&r.Name, w)
	word(&r.Version, w)
	r.Place.fields(w)
}

func (f *Floor) fields(w *wire) {
	word(&f.Name, w)
	word(&f.Version, w)
	word(&f.Schema, w)
	flag(&f.Enforced, w)
	f.Place.fields(w)
}

func (q *Queue) fields(w *wire) {
	word(&q.Name, w)
	number(&q.Weight, w)
}

func (p *Process) fields(w *wire) {
	word(&p.Name, w)
	word(&p.Command, w)
	number(&p.Port, w)
	word(&p.Health, w)
	word(&p.Title, w)
	p.Place.fields(w)
}

func (s *Search) fields(w *wire) {
	word(&s.Name, w)
	word(&s.File, w)
	word(&s.Digest, w)
}

func (s *Support) fields(w *wire) {
	word(&s.ReleaseLine, w)
	flag(&s.Older, w)
	flag(&s.Supported, w)
	word(&s.Until, w)
	s.Place.fields(w)
}

func (g *Gap) fields(w *wire) {
	word(&g.What, w)
	g.Place.fields(w)
}

// fields are those of all but the long lists.
func (h *headed) fields(w *wire) {
	f := h.Facts
	word(&f.Version, w)
	word(&f.Commit, w)
	moment(&f.Date, w)
	word(&f.Schema.Version, w)
	word(&f.Schema.Format, w)
	many(&f.Schema.Extensions, w, word)
	many(&f.Runtimes, w, (*Runtime).fields)
	many(&f.Floors, w, (*Floor).fields)
	many(&f.Queues, w, (*Queue).fields)
	many(&f.Processes, w, (*Process).fields)
	many(&f.Search, w, (*Search).fields)
	many(&f.Support, w, (*Support).fields)
	many(&f.Gaps, w, (*Gap).fields)
	many(&h.changelogLines, w, number)
}
