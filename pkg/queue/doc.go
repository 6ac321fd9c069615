// Package queue shares the repositories of a fleet among any number of processes
// through a PostgreSQL: River's job queue, one job a repository.
//
// It knows River: that a repository is in the queue at most once, who works on
// it, when it is tried again, and what becomes of it when its process is gone.
// It has no queue, lease or election of its own. It must not know what is done
// to a repository, nor git, registries and GitHub.
package queue
