// Package slacktest is a stand-in for Slack that runs on loopback: an incoming webhook and the Web API methods that
// a notifier needs.
//
// It knows Slack's words for what is wrong, the limits of Block Kit, and which texts would ping people; what it
// was not told to expect it refuses. It keeps the messages with their threads, and every request.
//
// It must not know the bot, nor package testing: bot demo runs it too.
package slacktest
