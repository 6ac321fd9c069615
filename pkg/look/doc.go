// Package look is one tree as a person would look at it: its policy, its applications, every reference in them.
//
// It knows bot.yaml and pkg/patch. It must not know where a tree comes from, or what is done about it.
package look
