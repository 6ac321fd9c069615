package config

import "time"

// Cluster is a Kubernetes cluster that is read, with rights that cannot write.
type Cluster struct {
	// Kubeconfig is the file that says how to reach it. Empty: those of KUBECONFIG, else ~/.kube/config, else from inside a pod.
	Kubeconfig string
	// Context of the kubeconfig. Empty: its current one.
	Context string
	// Namespace of objects that name none. Empty: that of the context, or the pod's own.
	Namespace string
	// Applications that are in another cluster, or are read with another context.
	Applications []ClusterOf
}

// ClusterOf is where one application runs.
type ClusterOf struct {
	// Repository is owner/name. Empty: any.
	Repository string
	// Application is its name.
	Application string
	// Kubeconfig, Context and Namespace as in [Cluster]; nothing is taken over from there.
	Kubeconfig, Context, Namespace string
}

// Of is where an application runs.
func (c *Cluster) Of(repository, application string) ClusterOf {
	for _, a := range c.Applications {
		if a.Application == application && (a.Repository == "" || a.Repository == repository) {
			return a
		}
	}
	return ClusterOf{Repository: repository, Application: application, Kubeconfig: c.Kubeconfig, Context: c.Context, Namespace: c.Namespace}
}

// Database is a Mastodon's PostgreSQL, read with read-only rights. It has DSNFrom, Applications or both.
type Database struct {
	// DSNFrom is where the connection string is; nil: none but those of Applications.
	DSNFrom *Source
	// Applications that have a database of their own.
	Applications []DatabaseOf
}

// DatabaseOf is the database of one application.
type DatabaseOf struct {
	// Repository is owner/name. Empty: any.
	Repository string
	// Application is its name.
	Application string
	// DSNFrom is where the connection string is.
	DSNFrom Source
}

// Of is where the connection string of an application's database is; nil: nowhere.
func (d *Database) Of(repository, application string) *Source {
	for _, a := range d.Applications {
		if a.Application == application && (a.Repository == "" || a.Repository == repository) {
			return &a.DSNFrom
		}
	}
	return d.DSNFrom
}

// Rollout is how a roll-out is judged that follows a merge.
type Rollout struct {
	// Overlap is how long pods of two releases may run beside each other; above 0. Default: 30 minutes.
	Overlap time.Duration
	// Within is how long everything may take, from the merge on; above 0. Default: a day.
	Within time.Duration
}

// DefaultRollout is how roll-outs are judged unless a policy says otherwise.
func DefaultRollout() Rollout { return Rollout{Overlap: 30 * time.Minute, Within: 24 * time.Hour} }

// Limits bound what the bot has open at a time in one repository.
type Limits struct {
	// OpenPullRequests is how many may be open; security releases are opened all the same. 0: any number.
	OpenPullRequests int
}
