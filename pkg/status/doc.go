// Package status is what is known of the applications of a repository after a
// pass, as one plain value. The dashboard issue, the terminal's bot status,
// the pages and the metrics of bot serve are renderings of it.
//
// It knows the value and what follows from it alone (the worst finding, the
// longest wait). It must not know where any of it comes from, nor how it is
// shown: no registry, no GitHub, no Markdown of its own, no I/O.
package status
