// Package schemarb reads db/schema.rb, the database that a release ends with, without running it.
//
// It knows every statement that Rails' schema dumper writes for PostgreSQL and what upstream's plug-ins add (views).
//
// It must not guess: a statement, option or value that it does not know is an error that names the line, because a
// schema that is half understood makes a wrong comparison.
package schemarb
