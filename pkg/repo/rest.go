package repo

// Rest lets go of what can be had again from the mirror: open files, and what
// was read from them. What was fetched stays known, so that a branch that does
// not move still costs one request and no reading. Without a mirror, whose place
// the memory then takes, it does nothing. Commits that were handed out stay
// good.
func (r *Remote) Rest() {
	if r.options.Mirror == "" {
		return
	}

	r.fetching.Lock()
	defer r.fetching.Unlock()

	for branch, c := range r.branches {
		r.branches[branch] = c.resting(r)
	}

	if r.latest != nil {
		r.latest = r.latest.resting(r)
	}

	r.remembering.Lock()
	defer r.remembering.Unlock()

	clear(r.histories)
}

// resting is the same commit without what was read of it.
func (c *Commit) resting(r *Remote) *Commit {
	if s, ok := c.objects.top.(*shelf); ok {
		if err := s.rest(); err != nil {
			r.options.Log.Debug("closing a mirror", "error", err)
		}
	}

	return &Commit{hash: c.hash, header: c.header, objects: c.objects, fresh: c.fresh}
}

// gone tells that the mirror which a commit is read from was deleted.
func (c *Commit) gone() bool {
	if c == nil {
		return false
	}

	s, ok := c.objects.top.(*shelf)

	return ok && !s.there()
}
