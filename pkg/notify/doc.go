// Package notify tells people what happened: one event value, and its renderings.
//
// It knows the kinds of events and which of them are worth a message where; Slack (incoming webhook, or a bot token
// with a thread a pull request) and comments on GitHub; how text of strangers is kept from pinging, linking or hiding
// anything; and, by a ledger that the caller keeps, what was sent already.
//
// What goes where:
//
//	            Slack, with a bot token                    Slack, by webhook   GitHub
//	incomplete  a message                                  a message           a comment, where a pull request is open
//	opened      a message: the thread of the pull request  a message           nothing: the pull request says it
//	updated     a reply, and the message is brought up     a message           a comment from what to what
//	            to date
//	merged      the same                                   a message           nothing: GitHub says it
//	closed      the same                                   a message           nothing: GitHub says it
//	reminder    a reply a day, until it is merged          a message a day     nothing
//	held        a message a day                            the same            nothing
//	due         a reply, daily and later weekly            a message           a comment, once
//	failed      a message                                  a message           a comment, where a pull request is open
//
// A reply is shown in the channel too when it is about a security release.
//
// Each event is sent once to each target, over restarts; a failed pass once a day for each application and distinct
// error until [Ledger.Recovered] says that a pass succeeded. What can't be sent waits in the ledger, up to
// three days: the next [Deliver] tries it again. Between a message and the ledger's being kept lies a moment in which a program may end: the
// message is then sent once more, never less.
//
// In quiet hours Slack hears of security alone; the rest waits in the ledger.
//
// It must not know what led to an event: no registry, no git, no plan.
package notify
