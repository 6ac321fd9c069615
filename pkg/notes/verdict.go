package notes

import "fmt"

// verdict is the kind of upgrade that it is. Both phases count what will run: a new name of a version that ran does not.
func (w *writer) verdict() {
	n := &w.notes
	pre, post := n.Migrations.Fresh(n.Migrations.Pre), n.Migrations.Fresh(n.Migrations.Post)
	switch {
	case w.same():
		n.Verdict = NoMigrations
		n.Why = "a repair that ends where the application is already"
	case w.downgrade():
		n.Verdict = Downgrade
		n.Why = fmt.Sprintf("%s is older than %s, and Mastodon does not undo migrations", n.To, n.From)
		if n.Migrations.Known && len(n.Migrations.Undone) == 0 {
			n.Why = fmt.Sprintf("%s is older than %s, and both have the same migrations", n.To, n.From)
		}
	case !n.Migrations.Known:
		n.Verdict = Undecided
		n.Why = "the migrations of at least one of the two releases are not known here"
	case pre+post == 0:
		n.Verdict = NoMigrations
		n.Why = "the database stays as it is"
	case post == 0:
		n.Verdict = PreOnly
		n.Why = count(pre, "migration") + " before the roll-out, none after it"
	default:
		n.Verdict = TwoPhase
		n.Why = fmt.Sprintf("%s before the roll-out, %s after it", count(pre, "migration"), number(post))
	}
}
