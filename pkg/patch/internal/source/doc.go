// Package source leads from a value that a parser saw back to the bytes of the file that spell it.
//
// [Text] is characters together with where each of them stands. A file is a Text; so is every scalar of a YAML or JSON document, with
// quotes, escapes, folds and indentation taken off; and a document that stands inside a scalar (a patch in a block scalar, values in
// a string) is parsed from that scalar's Text, so that positions lead through any number of layers.
//
// kyaml gives the position of each node in lines and runes. From there the package reads the bytes again by itself and accepts the
// result only if it spells the very value that the parser gave; otherwise the place is an error.
//
// It must not know images, versions, files on disk, or what a document means.
package source
