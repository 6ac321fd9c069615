package config

import "github.com/goingdark-social/bot/internal/lazyre"

import "time"

const repositoryPattern = `^[A-Za-z0-9][A-Za-z0-9_-]{0,99}/[A-Za-z0-9._-]{1,100}$`

func repositoryName() shape[string] {
	return matching("repository", repositoryPattern, "write owner/name")
}

var repository = lazyre.New(repositoryPattern)

// IsRepository tells whether a name is one of a repository on GitHub: owner/name.
func IsRepository(name string) bool { return repository.MatchString(name) }

func clusterShape() shape[Cluster] {
	return object(
		kubeconfigKey(func(c *Cluster) *string { return &c.Kubeconfig }),
		contextKey(func(c *Cluster) *string { return &c.Context }),
		namespaceKey(func(c *Cluster) *string { return &c.Namespace }),
		field("applications", "Applications that run elsewhere, or in another namespace.",
			list(clusterOfShape(), func() ClusterOf { return ClusterOf{} }), func(c *Cluster) *[]ClusterOf { return &c.Applications }).otherwise("all run here"),
	)
}

func clusterOfShape() shape[ClusterOf] {
	return object(
		field("repository", "owner/name.", repositoryName(), func(c *ClusterOf) *string { return &c.Repository }).like("example/gitops").otherwise("any"),
		field("application", "The application's name.", applicationName(), func(c *ClusterOf) *string { return &c.Application }).like("staging").must(),
		kubeconfigKey(func(c *ClusterOf) *string { return &c.Kubeconfig }),
		contextKey(func(c *ClusterOf) *string { return &c.Context }),
		namespaceKey(func(c *ClusterOf) *string { return &c.Namespace }),
	)
}

func kubeconfigKey[T any](into func(*T) *string) key[T] {
	return field("kubeconfig", "The file that says how to reach the cluster.",
		matching("path of a file", `^(?:/|\.\.?/|[A-Za-z]:[/\\])[^\n]*$`, "a path starts with / or ./"), into).
		like("/run/secrets/bot/kubeconfig").otherwise("those of KUBECONFIG, else ~/.kube/config, else from inside a pod")
}

func contextKey[T any](into func(*T) *string) key[T] {
	return field("context", "The context of the kubeconfig.", sentence(), into).like("production").otherwise("its current one")
}

func namespaceKey[T any](into func(*T) *string) key[T] {
	return field("namespace", "The namespace of objects that name none.",
		matching("namespace", `^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`, "write the name of a namespace"), into).like("mastodon").otherwise("that of the context, or the pod's own")
}

func databaseShape() shape[Database] {
	return object(
		field("dsnFrom", "Where the connection string is.", source(), func(d *Database) **Source { return &d.DSNFrom }).like("{env: MASTODON_RO_DSN}").otherwise("only those of applications are read"),
		field("applications", "Applications that have a database of their own.",
			list(databaseOfShape(), func() DatabaseOf { return DatabaseOf{} }), func(d *Database) *[]DatabaseOf { return &d.Applications }).otherwise("all share dsnFrom"),
	).checked(func(d *decoder, at place, _ *Database) {
		if !at.has("dsnFrom") && !at.has("applications") {
			d.fail(at, "dsnFrom or applications is missing", "say where the connection string is")
		}
	}).constrained(func(s *Schema) {
		s.AnyOf = []*Schema{{Required: []string{"dsnFrom"}}, {Required: []string{"applications"}}}
	})
}

func databaseOfShape() shape[DatabaseOf] {
	return object(
		field("repository", "owner/name.", repositoryName(), func(d *DatabaseOf) *string { return &d.Repository }).like("example/gitops").otherwise("any"),
		field("application", "The application's name.", applicationName(), func(d *DatabaseOf) *string { return &d.Application }).like("staging").must(),
		field("dsnFrom", "Where its connection string is.", sourceShape(), func(d *DatabaseOf) *Source { return &d.DSNFrom }).like("{env: STAGING_RO_DSN}").must(),
	)
}

func rolloutShape() shape[Rollout] {
	return object(
		field("overlap", "How long pods of two releases may run beside each other.",
			lasting(), func(r *Rollout) *time.Duration { return &r.Overlap }).like("15m").def("30m"),
		field("within", "How long a roll-out may take from the merge to its end, before people are told that it is stuck.",
			lasting(), func(r *Rollout) *time.Duration { return &r.Within }).like("2h").def("24h"),
	)
}

// lasting is a duration above 0.
func lasting() shape[time.Duration] {
	return duration().refused(func(v time.Duration) error {
		if v <= 0 {
			return wrong("", "it must be above 0")
		}
		return nil
	})
}

func limitsShape() shape[Limits] {
	return object(
		field("openPullRequests", "How many pull requests of the bot may be open in the repository; security releases are opened all the same.",
			integer[int](1), func(l *Limits) *int { return &l.OpenPullRequests }).like("3").otherwise("any number"),
	)
}
