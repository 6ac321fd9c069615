// Package fleet works through many repositories: which there are, who has his
// turn, and what one that is slow, broken or gone does to the others, which is
// nothing.
//
// It knows repositories by name and the accounts that they belong to, a bounded
// number of workers, and how much of its rate limit each account has left. It
// must not know what is done to a repository, nor git, registries and YAML.
package fleet
