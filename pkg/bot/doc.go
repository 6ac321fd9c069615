// Package bot is the order of the steps: observe, decide, propose, tell.
//
// It knows which room answers which question and in what order they are
// asked. It must not know the details of any: how an image is found, how a
// registry pages, what GitHub's API looks like, how Slack words a message.
package bot
