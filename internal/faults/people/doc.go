// Package people searches for what people could do to the program who wish it
// harm: by a bot.yaml, webhooks, comments, and requests to the dashboard. Each
// case is one against the whole program, in a world of stand-ins.
//
// It knows what may come in, and that nothing may come of it. It must not know
// how it is refused.
package people
