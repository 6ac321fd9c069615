// Package database reads how far a Mastodon's PostgreSQL was migrated, and how large its tables are, with rights that cannot write.
//
// It knows two questions, and asks them in one read-only transaction of bounded time that a transaction pooler lets through. Sizes are
// the server's own estimates: nothing is counted. An error never shows the password.
//
// It must not know what a migration does, nor any release.
package database
