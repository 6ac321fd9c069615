// Package app speaks to GitHub as a GitHub App: tokens for the repositories
// that it is installed on, and what each installation may do.
//
// It knows the App's key, its installations, and when a token must be renewed.
// An App has one rate limit and one set of rights an installation, so whoever
// works on several keeps one client an installation.
//
// It must not know what the tokens are used for.
package app
