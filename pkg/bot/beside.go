package bot

// Beside is a bot for another account that remembers together with b: what one
// of them learned of a release, or of a file that holds nothing of interest,
// the other need not ask for.
func (b *Bot) Beside(o Options) *Bot {
	other := New(o)
	other.kept = b.kept

	return other
}

// rester is a git side that can let go of what it can have again.
type rester interface{ Rest() }

// rest lets go of what the git side of a repository holds between passes.
func (s *site) rest() {
	if r, ok := s.git.(rester); ok {
		r.Rest()
	}
}
