// Package postgrestest starts a real PostgreSQL for tests.
//
// It knows where its programs are (BOT_TEST_POSTGRES), how a new cluster of databases is made and served on loopback, and that
// PostgreSQL does not run as root. It must not know what is tested.
//
// Its code is built with the tag real alone; `make real-tools` installs the programs.
package postgrestest
