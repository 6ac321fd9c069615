// Package notes turns what is known of two releases, and of a repository's own objects, into one plan for the upgrade.
//
// It knows what a difference between releases means for a running instance: which migrations run in which phase, which steps
// come in which order and who does them, what locks which table, which security fixes are gained and lost ([Lost]), what is
// dangerous, where one can stop, what can be undone, and what nobody looked at. What a line of releases takes beyond its files is
// data of package special. [Between] is pure: the same input gives the same [Notes], and Markdown, terminal text, the sentences for
// a chat and JSON are renderings of that one value.
//
// It must not know where facts come from, how a repository is read, the network, git, the clock or GitHub. What others wrote
// (names in manifests, tags) is quoted for where it is shown: as code in Markdown, as one word in a command.
package notes
