package config

// Commit is how the commits of an application's branches are written.
type Commit struct {
	// Prefix stands before the subject, "chore(deps): " for conventional commits. Default: none.
	Prefix string
	// SignOff ends the message with a Signed-off-by line of the author (the Developer Certificate of Origin). Default: false.
	SignOff bool
	// Trailers are lines for the end of the message, "Key: value". Default: none.
	Trailers []string
}

// The values of [PullRequest.Rebase].
const (
	RebaseNeeded = "needed"
	RebaseAlways = "always"
)

// The values of [Merge.By].
const (
	MergeByBot    = "bot"
	MergeByGitHub = "github"
)

func commitShape() shape[Commit] {
	return object(
		field("prefix", "Stands before the subject of commits, for conventional commits.",
			matching("prefix", `^[^\s#][^\n]{0,39}$`, "write at most 40 characters on one line"), func(c *Commit) *string { return &c.Prefix }).like(`"chore(deps): "`).otherwise("none"),
		field("signOff", "Ends each commit's message with a Signed-off-by line of its author (DCO).",
			boolean(), func(c *Commit) *bool { return &c.SignOff }).like("true").def(false),
		field("trailers", "Lines for the end of each commit's message.",
			set(matching("trailer", `^[A-Za-z0-9][A-Za-z0-9-]{0,49}: \S[^\n]{0,199}$`, "write Key: value"), 0), func(c *Commit) *[]string { return &c.Trailers }).
			like(`["Change-Type: image"]`).otherwise("none"),
	)
}

// DefaultCommitter is who makes commits unless the operator's file says otherwise.
func DefaultCommitter() Commits {
	return Commits{Name: "bot", Email: "bot@goingdark.social", Through: ThroughGit}
}

func commitsShape() shape[Commits] {
	return object(
		field("name", "Name of author and committer.",
			matching("name", `^[^<>\s][^<>\n]{0,99}$`, "write a name without < and >"), func(c *Commits) *string { return &c.Name }).like("bot").def(DefaultCommitter().Name),
		field("email", "Address of both. Commits of another author are people's.",
			matching("address", `^[^<>@\s]+@[^<>@\s]+$`, "write name@host"), func(c *Commits) *string { return &c.Email }).like("bot@example.org").def(DefaultCommitter().Email),
		field("signingKeyFrom", "Where a private key is that signs commits, of SSH (PEM) or OpenPGP (armored): Ed25519 or RSA, without a passphrase.",
			source(), func(c *Commits) **Source { return &c.SigningKeyFrom }).like("{file: /run/secrets/signing-key}").otherwise("commits are not signed"),
		field("through", "git makes commits here and pushes them. api lets GitHub make them as the App's, which shows them as verified; their author is the App then.",
			oneOf("way", ThroughGit, ThroughAPI), func(c *Commits) *string { return &c.Through }).like("git").def(ThroughGit),
	).checked(func(d *decoder, at place, c *Commits) {
		for _, other := range []string{"name", "email", "signingKeyFrom"} {
			if c.Through == ThroughAPI && at.has(other) {
				d.fail(at.key(other), "has no place where GitHub makes the commits", "delete it, or through: api")
			}
		}
	})
}
