//go:build !real

package repo_test

// servedByGit tells whether git's own server serves every test.
const servedByGit = false
