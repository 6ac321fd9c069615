package status

// Row is one component of an application: what the repository, the registry
// and the cluster say of it. More than one version in a cell is drift.
type Row struct {
	// Component is web, sidekiq, streaming, migrate or job.
	Component string
	// Image without a tag.
	Image string
	// Repository are the tags that the base branch names, sorted; a digest
	// where there is no tag.
	Repository []string
	// Registry is the newest release of the channel that the image has; "":
	// not known.
	Registry string
	// Cluster are the tags that run, sorted. Live tells that the cluster was
	// asked: without it, no tags say nothing.
	Cluster []string
	Live    bool
}

// Even tells whether the repository and, where it was asked, the cluster name
// one and the same version.
func (r Row) Even() bool {
	if len(r.Repository) != 1 {
		return false
	}

	for _, tag := range r.Cluster {
		if tag != r.Repository[0] {
			return false
		}
	}

	return true
}
