// Package command reads what people tell the program in comments: lines that
// begin with /bot.
//
// It knows Markdown, so that what is quoted, in code or hidden is no command,
// and the words that there are. It must not know who may use them, nor what is
// done about them.
package command
