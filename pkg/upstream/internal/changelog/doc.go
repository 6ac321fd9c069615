// Package changelog reads which releases a CHANGELOG.md names, when they were made and which advisories they fix.
//
// It knows upstream's headings, the spelling of GHSA and CVE ids in text and in link targets, and fenced code.
//
// It must not keep sentences: what it returns are versions, dates, ids and lines. Sections are read for display by
// Section, from a text that the caller has at hand.
package changelog
