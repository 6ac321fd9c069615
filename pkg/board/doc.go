// Package board writes a status as the Markdown of the dashboard issue, and
// reads from one which of its boxes people ticked.
//
// It knows Markdown as GitHub shows it. It must not know GitHub, nor what is
// done about a box; pure.
package board
