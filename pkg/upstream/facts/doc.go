// Package facts is what the source of one Mastodon release says, as plain values.
//
// It knows the shape of the facts (schema, migrations, environment, runtimes, floors, queues, processes, search
// indexes, changelog), how to write many releases compactly, and the releases that ship inside this program.
//
// It must not know where facts come from (package upstream reads them), what they mean for somebody's server
// (package notes judges that), nor the network or a file system.
//
// Every list is sorted and never null in JSON. Every file is a slash-separated path in the release's source tree, every
// line counts from 1. The facts hold names, numbers and ids of the source, none of its sentences.
package facts
